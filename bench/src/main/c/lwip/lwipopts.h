/*
 * lwIP at its best for P5 and P6: raw API, no operating system, one interface, Ethernet, IPv4 and TCP only. Where a
 * choice bears on speed, each was measured and the fastest taken; a comment says so.
 */
#ifndef SPINWIRE_LWIPOPTS_H
#define SPINWIRE_LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_STATS 0

/* Protocols: what the exchange needs, and ICMP as any host has it. */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define LWIP_ICMP 1
#define LWIP_UDP 0
#define LWIP_RAW 0
#define LWIP_TCP 1
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_SINGLE_NETIF 1
#define LWIP_NETIF_HWADDRHINT 1 /* the entry of the ARP table is remembered by the connection */

/* Every checksum is made and verified in software. */
#define CHECKSUM_GEN_IP 1
#define CHECKSUM_GEN_TCP 1
#define CHECKSUM_CHECK_IP 1
#define CHECKSUM_CHECK_TCP 1
#define LWIP_CHKSUM_ALGORITHM 2 /* of its three the fastest: gcc makes vector instructions of its loop at -O3 */
#define LWIP_CHECKSUM_ON_COPY 0 /* on: slower */

/* TCP as the engines have it: timestamps, window scale, segments out of order kept. */
#define TCP_MSS 1460
#define LWIP_TCP_TIMESTAMPS 1
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 4
#define TCP_QUEUE_OOSEQ 1
#define TCP_WND (64 * 1024) /* half of it is as fast; beyond 64 KiB lwIP needs limits of its own changed */
#define TCP_SND_BUF (64 * 1024)
#define TCP_SND_QUEUELEN (4 * TCP_SND_BUF / TCP_MSS)
#define LWIP_NETIF_TX_SINGLE_PBUF 0 /* 1: slower */

/* Memory. */
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 0 /* lwIP's own heap is faster in bulk, and as fast otherwise */
#define MEM_SIZE (4 * 1024 * 1024)
#define MEMP_NUM_TCP_SEG (2 * TCP_SND_QUEUELEN)
#define MEMP_NUM_PBUF (2 * TCP_SND_QUEUELEN)
#define PBUF_POOL_SIZE 1024
#define PBUF_POOL_BUFSIZE 1536 /* a whole frame */

#endif
