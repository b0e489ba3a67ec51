package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import io.spinwire.daemon.lab.Child;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The processes and wires of one part of a run: started in order, ended in the opposite order, described once. */
final class Ends implements AutoCloseable {
    static final int SERVER_CPU = 0;
    static final int CLIENT_CPU = 1;

    private final RunFolder folder;
    private final String part;
    private final Wiring wiring;
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final List<Runnable> dismissals = new ArrayList<>();

    /** Both ends of one transport. */
    record Two(End server, End client) {}

    Ends(RunFolder folder, String part, Wiring wiring) {
        this.folder = folder;
        this.part = part;
        this.wiring = wiring;
    }

    /** A server on one CPU and a client on another, bounds checks off. */
    Two start(String name) throws InterruptedException {
        final End server = keep(End.launch("the " + name + " server", wiring.lab(), "a", false));
        final End client = keep(End.launch("the " + name + " client", wiring.lab(), "b", false));
        server.await(SERVER_CPU);
        client.await(CLIENT_CPU);
        folder.param(part + "." + name + " server", server.commandLine());
        folder.param(part + "." + name + " client", client.commandLine());
        return new Two(server, client);
    }

    /** The same with an engine, or frames without protocol, at either end of a pair. */
    Two startOn(String name, Wiring.Pair pair, String nicOptions, String engineOptions) throws InterruptedException {
        final Two two = start(name);
        describe(name, "a", two.server().ask(open(pair, "a", nicOptions, engineOptions)));
        describe(name, "b", two.client().ask(open(pair, "b", nicOptions, engineOptions)));
        return two;
    }

    private void describe(String name, String side, String nic) {
        folder.environment(part + ": " + name + ", side " + side, nic);
    }

    private static String open(Wiring.Pair pair, String side, String nicOptions, String engineOptions) {
        final String nic = "open nic=afxdp:" + pair.device(side) + nicOptions;
        return engineOptions == null ? nic : nic + " address=" + pair.address(side) + "/24" + engineOptions;
    }

    End keep(End end) {
        open.push(end::close);
        dismissals.add(end::dismiss);
        return end;
    }

    TestPmd keep(TestPmd testPmd) {
        open.push(testPmd::close);
        dismissals.add(testPmd::dismiss);
        return testPmd;
    }

    Child keep(Child child) {
        open.push(child::close);
        return child;
    }

    /** All at once are told to end, since each takes a while for it. */
    @Override
    public void close() {
        dismissals.forEach(Runnable::run);
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }
}
