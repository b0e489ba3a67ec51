package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.tcp.cc.CongestionControl;
import io.spinwire.tcp.cc.CongestionControls;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.tcp.cc.CongestionState;

/**
 * The one place where what happens on a connection is told to its congestion control, which sees the connection only
 * through the engine's {@link AckSample}. Between recovery and {@code tcp.cc}. Engine thread only. Linux: tcp_cong.c.
 */
final class CongestionSignals {
    /** Of the ACK being processed; cleared when one begins, filled on its way. */
    final AckSample sample = new AckSample();

    private final CongestionControls controls;
    private final boolean isAlwaysPaced;

    /**
     * Nobody has a control yet.
     *
     * @param isQdiscPacing the qdisc keeps departure times, so that every socket is paced
     * @param seed of what controls leave to chance
     */
    CongestionSignals(CongestionControls controls, TcpConfig config, boolean isQdiscPacing, long seed) {
        this.controls = controls;
        isAlwaysPaced = config.pacing() || isQdiscPacing;
        sample.seed = seed;
        sample.initialCwnd = config.initialWindow();
        sample.pacingSlowStartPercent = config.pacingSlowStartPercent();
        sample.pacingAvoidancePercent = config.pacingAvoidancePercent();
    }

    /** A socket gets a control of its own, by name. Linux: {@code tcp_assign_congestion_control()}. */
    void assign(TcpSock sock, String name, long nowNs) {
        if (sock.congestionControl != null) {
            controls.giveBack(sock.congestionControl);
        }
        sock.congestionControl = controls.lend(name);
        choosePacing(sock);
        init(sock, nowNs);
    }

    /** Whether connections of this control use ECN always. */
    boolean needsEcn(String name) {
        return controls.needsEcn(name);
    }

    /** Whether segments are spaced, as options and congestion control stand now. */
    void choosePacing(TcpSock sock) {
        final long limit = sock.options.maxPacingRate();
        sock.isPaced = isAlwaysPaced || limit > 0 || sock.congestionControl.needsPacing();
        sock.pacingRate = limit > 0 && (sock.pacingRate == 0 || sock.pacingRate > limit) ? limit : sock.pacingRate;
    }

    /** The window or the round trip has changed. Linux: {@code tcp_update_pacing_rate()}. */
    void updatePacing(TcpSock sock, long nowNs) {
        if (sock.isPaced && !sock.congestionControl.hasControl()) {
            sock.pacingRate = pacingRate(sock, nowNs);
        }
    }

    /** Bytes a second at which a window would be spaced, paced or not; 0 when nothing is known. */
    long pacingRate(TcpSock sock, long nowNs) {
        look(sock, nowNs);
        return sample.pacingRate(sock.congestion);
    }

    /** The connection is about to begin. Linux: {@code tcp_init_congestion_control()}. */
    void init(TcpSock sock, long nowNs) {
        look(sock, nowNs);
        sock.congestionControl.init(sock.congestion, sample);
        takeRate(sock);
    }

    /** Linux: {@code tcp_set_ca_state()}. */
    void setState(TcpSock sock, CongestionState state, long nowNs) {
        look(sock, nowNs);
        sock.congestionControl.onState(sock.congestion, state, sample);
        sock.congestionState = state;
        if (state == CongestionState.OPEN) {
            RtoRun.end(sock, nowNs);
        }
    }

    /** Linux: {@code tcp_ca_event()}. */
    void tell(TcpSock sock, CongestionEvent event, long nowNs) {
        glance(sock, nowNs);
        sock.congestionControl.onEvent(sock.congestion, event, sample);
        takeRate(sock);
    }

    /** The first segment has left after a time with none in flight; before it is counted. */
    void started(TcpSock sock, long priorSentNs, long nowNs) {
        glance(sock, nowNs);
        sample.lastSentNs = priorSentNs;
        sock.congestionControl.onEvent(sock.congestion, CongestionEvent.TX_START, sample);
        takeRate(sock);
    }

    /** Segments that should be in flight after a loss. */
    int ssthresh(TcpSock sock, long nowNs) {
        look(sock, nowNs);
        return sock.congestionControl.ssthresh(sock.congestion, sample);
    }

    /** Window to go back to when the loss was none. */
    static int undoCwnd(TcpSock sock) {
        return sock.congestionControl.undoCwnd(sock.congestion);
    }

    /** Segments have left the network: {@link AckSample#acked} and what else is known of the ACK is set. */
    void onAck(TcpSock sock, long nowNs) {
        glance(sock, nowNs);
        sock.congestionControl.onAck(sock.congestion, sample);
    }

    /**
     * The end of an ACK: the control sets its window, or lets it grow where recovery says that it may. Linux:
     * {@code tcp_cong_control()}.
     *
     * @param mayGrow no reduction is under way, and the ACK brought progress
     */
    void control(TcpSock sock, boolean mayGrow, long nowNs) {
        final CongestionControl control = sock.congestionControl;
        if (control.hasControl()) {
            look(sock, nowNs);
            control.control(sock.congestion, sample);
            takeRate(sock);
        } else if (mayGrow) {
            if (sock.congestion.isCwndLimited()) {
                glance(sock, nowNs);
                control.grow(sock.congestion, sample);
            }
            sock.cwndStampNs = nowNs; // what arrives says that the path still takes the window
        }
    }

    private void takeRate(TcpSock sock) {
        if (sock.congestionControl.hasControl()) {
            sock.pacingRate = sample.pacingRate;
            sock.appLimited = sample.appLimited;
        }
    }

    /**
     * With every segment: where the stream stands is all that a control needs which only follows the window, unless
     * hystart compares with the rate.
     */
    private void glance(TcpSock sock, long nowNs) {
        if (sock.congestion.isWatched() || sock.congestionControl.hasControl() || sock.congestionControl.needsEcn()) {
            look(sock, nowNs);
            return;
        }
        sample.nowNs = nowNs;
        sample.sndUna = sock.sndUna;
        sample.sndNxt = sock.sndNxt;
        sample.state = sock.congestionState;
        sample.lastSentNs = sock.lastSentNs;
        sample.pacingRate = sock.pacingRate;
        sample.isPaced = sock.isPaced;
    }

    /** All that a control may see of the connection. */
    private void look(TcpSock sock, long nowNs) {
        sample.nowNs = nowNs;
        sample.mss = sock.mss;
        sample.srttUs = sock.srttUs;
        sample.minRttUs = sock.minRttUs;
        sample.sndUna = sock.sndUna;
        sample.sndNxt = sock.sndNxt;
        sample.packetsOut = sock.packetsOut;
        sample.inFlight = sock.inFlight();
        sample.state = sock.congestionState;
        sample.delivered = sock.delivered;
        sample.deliveredCe = sock.deliveredCe;
        sample.lost = sock.lost;
        sample.appLimited = sock.appLimited;
        sample.lastSentNs = sock.lastSentNs;
        sample.isEcnRefused = sock.isSynchronised() && (sock.ecnFlags & EcnOutput.OK) == 0;
        final long limit = sock.options.maxPacingRate();
        sample.maxPacingRate = limit == 0 ? Long.MAX_VALUE : limit;
        sample.pacingRate = sock.pacingRate;
        sample.isPaced = sock.isPaced;
    }
}
