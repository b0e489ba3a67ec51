package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {
    private static final String HEAD = "id,subject,setting,round,metric,value,unit";

    @TempDir
    Path folder;

    @Test
    void shouldDrawWhatThereAreFiguresFor() throws IOException {
        final List<String> results = List.of(
                HEAD,
                "latency,engine 64 B,,median,p50,4000.000,ns",
                "latency,engine 64 B,,median,p99.9,20000.000,ns",
                "latency,kernel-spin 64 B,,median,p50,6000.000,ns",
                "latency,kernel-spin 64 B,,median,p99.9,50000.000,ns",
                "bulk,engine,,median,goodput,12.500,Gbit/s",
                "requests,engine,connections=10000,median,answered,90000.000,1/s",
                "requests,engine,connections=1,median,answered,100000.000,1/s",
                "requests,engine,connections=1,1,answered,100000.000,1/s",
                "flows,engine,flows=16,median,goodput,11.500,Gbit/s",
                "flows,kernel,flows=16,median,goodput,12.000,Gbit/s",
                "scale,2 endpoints,compact-headers=off,,exchange.ns,400.000,ns");
        assertEquals(List.of("latency", "throughput", "flows", "scale", "requests"), new Plots(results).draw(folder));
        for (final String name : List.of("latency", "throughput", "flows", "scale", "requests")) {
            assertEquals(
                    900, ImageIO.read(folder.resolve(name + ".png").toFile()).getWidth());
        }
    }

    @Test
    void shouldDrawNothingOfNothing() throws IOException {
        assertEquals(List.of(), new Plots(List.of(HEAD)).draw(folder));
    }
}
