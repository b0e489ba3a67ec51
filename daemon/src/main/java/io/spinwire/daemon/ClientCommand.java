package io.spinwire.daemon;

import io.spinwire.daemon.demo.KernelEcho;
import io.spinwire.daemon.demo.MeasuringClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code spinwire client}: what the demo runs as processes of their own, with sockets of the kernel. Not for people.
 */
@Command(name = "client", hidden = true, description = "Processes of the demo.")
final class ClientCommand {

    @Command(name = "measure", description = "Does what standard input says, one line each.")
    int measure() throws Exception {
        new MeasuringClient(System.in, System.out).run();
        return 0;
    }

    @Command(name = "kernel-echo", description = "An echo service on a socket of the kernel, spinning.")
    int kernelEcho(@Option(names = "--port") int port, @Option(names = "--cpu", defaultValue = "-1") int cpu)
            throws Exception {
        ParentWatch.start();
        new KernelEcho(port, cpu).run();
        return 0;
    }
}
