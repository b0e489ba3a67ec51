package io.spinwire.nic.afxdp;

import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.EcnMode;
import io.spinwire.api.HystartMode;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.QdiscKind;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.nic.FaultProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine and the kernel with every option off (or on, where off is the default), one at a time, on either side: a
 * small transfer both ways over a NIC that loses one frame in a hundred, with either of them connecting.
 */
@Tag("kernel")
@ExtendWith(Requirements.class)
@Timeout(60)
class OptionInteropTest {
    private static final long BYTES = 150_000;
    private static final FaultProfile FAULTS = FaultProfile.builder().loss(0.01).build();
    private static RouterLab lab;

    private static RouterLab lab() {
        if (lab == null) {
            lab = RouterLab.create();
        }
        return lab;
    }

    @AfterAll
    static void removeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    private static void exchange(UnaryOperator<EngineConfigBuilder> settings, SocketOptions options) throws Exception {
        try (EngineHost engine = new EngineHost(lab(), settings, FAULTS)) {
            final Talk talk = new Talk(lab(), engine);
            talk.engineConnects(BYTES, BYTES, options);
            talk.kernelConnects(BYTES, BYTES, options);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tcp_sack, 0",
        "tcp_dsack, 0",
        "tcp_timestamps, 0",
        "tcp_timestamps, 2",
        "tcp_window_scaling, 0",
        "tcp_ecn, 0",
        "tcp_ecn, 1",
        "tcp_fastopen, 0",
        "tcp_fastopen, 3",
        "tcp_recovery, 0",
        "tcp_early_retrans, 0",
        "tcp_frto, 0",
        "tcp_syncookies, 0",
        "tcp_syncookies, 2",
        "tcp_mtu_probing, 2",
        "tcp_moderate_rcvbuf, 0",
        "tcp_slow_start_after_idle, 0",
        "tcp_no_metrics_save, 1",
        "tcp_retrans_collapse, 0",
        "tcp_autocorking, 0",
        "tcp_comp_sack_nr, 0",
        "tcp_thin_linear_timeouts, 1",
        "tcp_shrink_window, 1",
        "tcp_rfc1337, 1",
        "tcp_stdurg, 1",
        "tcp_reordering, 1",
        "tcp_syn_linear_timeouts, 0",
        "ip_no_pmtu_disc, 1"
    })
    void shouldExchangeEveryByteWhenTheKernelHasThisSetting(String setting, String value) throws Exception {
        final String before = lab().sysctl(lab().peer(), setting);
        if (before == null) {
            System.out.println("this kernel has no " + setting);
            return;
        }
        lab().sysctl(lab().peer(), setting, value);
        try {
            exchange(config -> config, SocketOptions.DEFAULTS);
        } finally {
            lab().sysctl(lab().peer(), setting, before);
        }
    }

    private static final Map<String, UnaryOperator<TcpConfigBuilder>> ENGINE_SETTINGS = new LinkedHashMap<>();

    static {
        ENGINE_SETTINGS.put("no sack", tcp -> tcp.sack(false));
        ENGINE_SETTINGS.put("no dsack", tcp -> tcp.dsack(false));
        ENGINE_SETTINGS.put("no timestamps", tcp -> tcp.timestamps(false));
        ENGINE_SETTINGS.put("timestamps in micros", tcp -> tcp.timestampsInMicros(true));
        ENGINE_SETTINGS.put("no window scaling", tcp -> tcp.windowScaling(false));
        ENGINE_SETTINGS.put("ecn off", tcp -> tcp.ecn(EcnMode.OFF));
        ENGINE_SETTINGS.put("ecn requested", tcp -> tcp.ecn(EcnMode.REQUEST));
        ENGINE_SETTINGS.put("no rack", tcp -> tcp.rack(false));
        ENGINE_SETTINGS.put("no tlp", tcp -> tcp.tlp(false));
        ENGINE_SETTINGS.put("no frto", tcp -> tcp.frto(false));
        ENGINE_SETTINGS.put("pacing", tcp -> tcp.pacing(true));
        ENGINE_SETTINGS.put("hystart off", tcp -> tcp.hystart(HystartMode.OFF));
        ENGINE_SETTINGS.put("hystart++", tcp -> tcp.hystart(HystartMode.PLUSPLUS));
        ENGINE_SETTINGS.put("no auto-tuning", tcp -> tcp.receiveAutoTuning(false));
        ENGINE_SETTINGS.put("no slow start after idle", tcp -> tcp.slowStartAfterIdle(false));
        ENGINE_SETTINGS.put("syn cookies off", tcp -> tcp.synCookies(SynCookieMode.OFF));
        ENGINE_SETTINGS.put("syn cookies always", tcp -> tcp.synCookies(SynCookieMode.ALWAYS));
        ENGINE_SETTINGS.put("no path mtu discovery", tcp -> tcp.pathMtuDiscovery(false));
        ENGINE_SETTINGS.put("mtu probing", tcp -> tcp.mtuProbing(MtuProbing.ALWAYS));
        ENGINE_SETTINGS.put("no path metrics", tcp -> tcp.pathMetrics(false));
        ENGINE_SETTINGS.put("fast open off", tcp -> tcp.fastOpenClient(false).fastOpenServer(false));
        ENGINE_SETTINGS.put("quick acks none", tcp -> tcp.quickAckSegments(0));
    }

    static List<String> engineSettings() {
        final List<String> names = new ArrayList<>(ENGINE_SETTINGS.keySet());
        TcpConfig.CONGESTION_CONTROLS.forEach(name -> names.add("congestion control " + name));
        for (final QdiscKind qdisc : QdiscKind.values()) {
            names.add("qdisc " + qdisc);
        }
        names.add("no fast path");
        names.add("no delay");
        return names;
    }

    @ParameterizedTest
    @MethodSource("engineSettings")
    void shouldExchangeEveryByteWhenTheEngineHasThisSetting(String name) throws Exception {
        final String last = name.substring(name.lastIndexOf(' ') + 1);
        final TcpConfigBuilder tcp = TcpConfig.builder();
        if (ENGINE_SETTINGS.containsKey(name)) {
            ENGINE_SETTINGS.get(name).apply(tcp);
        } else if (name.startsWith("congestion control")) {
            tcp.congestionControl(last);
        }
        final QdiscKind qdisc = name.startsWith("qdisc") ? QdiscKind.valueOf(last) : QdiscKind.NONE;
        final SocketOptions options =
                SocketOptions.builder().noDelay(name.equals("no delay")).build();
        exchange(config -> config.tcp(tcp.build()).qdisc(qdisc).fastPath(!name.equals("no fast path")), options);
    }
}
