package io.spinwire.hook;

/**
 * The places on a packet's way that can be watched, each with the name of the Linux function or trace point that it
 * mirrors, spelt exactly so. What each carries stands in {@link HookListener}. In the order of the walk: egress, then
 * ingress.
 */
public enum HookPoint {
    tcp_sendmsg,
    tcp_push_pending_frames,
    tcp_write_xmit,
    tcp_transmit_skb,
    queue_xmit,
    tcp_event_new_data_sent,
    tcp_write_wakeup,
    ip_local_out,
    ip_output,
    ip_finish_output,
    ip_finish_output2,
    neigh_output,
    dev_queue_xmit,
    __dev_queue_xmit,
    net_dev_queue,
    __dev_xmit_skb,
    __qdisc_run,
    __netif_reschedule,
    net_tx_action,
    dev_hard_start_xmit,
    xmit_one,
    net_dev_start_xmit,
    netdev_start_xmit,
    ndo_start_xmit,
    net_dev_xmit,
    netif_receive_skb,
    ip_rcv,
    ip_local_deliver,
    tcp_v4_rcv,
    tcp_rcv_established,
    tcp_ack,
    tcp_clean_rtx_queue,
    tcp_data_snd_check,
    tcp_queue_rcv,
    tcp_try_coalesce,
    __skb_queue_tail,
    tcp_data_queue,
    tcp_data_queue_ofo,
    __tcp_ack_snd_check,
    tcp_cleanup_rbuf,
    kfree_skb;

    /** This point's bit in a mask of enabled points. */
    public long bit() {
        return 1L << ordinal();
    }
}
