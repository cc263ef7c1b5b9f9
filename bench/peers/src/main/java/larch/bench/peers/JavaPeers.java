package larch.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// The program `JavaPeers [--quick] NAME:SHAPE:THREADS...`: measures every library that can be called from Java with those of
/// the rows that are products, and prints JSON lines (`bench/README.md`).
public final class JavaPeers {
    private static final String QUICK = "--quick";
    private static final String PRODUCT = "sgemm";
    private static final int QUICK_MILLIS = 50;
    private static final int MILLIS = 100;
    private static final int TIMEOUT_SECONDS = 300;

    /// A row that was asked for.
    private record Asked(String row, int threads) {
        static Asked parse(String argument) {
            int colon = argument.lastIndexOf(':');
            return new Asked(argument.substring(0, colon), Integer.parseInt(argument.substring(colon + 1)));
        }
    }

    /// The fastest of a library's kernels.
    private record Best(double gflops, String kernels) {
        static Best faster(Best a, Best b) {
            return a.gflops >= b.gflops ? a : b;
        }
    }

    private final List<Asked> products;
    private final int millis;

    private JavaPeers(List<Asked> products, int millis) {
        this.products = products;
        this.millis = millis;
    }

    /// @param args see above
    public static void main(String[] args) {
        List<Asked> products = Arrays.stream(args).filter(arg -> arg.startsWith(PRODUCT)).map(Asked::parse).toList();
        if (!products.isEmpty()) {
            JavaPeers peers = new JavaPeers(products, List.of(args).contains(QUICK) ? QUICK_MILLIS : MILLIS);
            for (GemmPeer peer : GemmPeer.values()) {
                peers.measure(peer);
            }
        }
    }

    private void measure(GemmPeer peer) {
        TreeSet<Integer> counts = new TreeSet<>(List.of(1));
        if (peer.hasThreads()) {
            products.forEach(product -> counts.add(product.threads()));
        }
        for (int threads : counts) {
            List<String> rows = products.stream().filter(p -> p.threads() >= threads).map(Asked::row).distinct().toList();
            Map<String, Best> fastest = new LinkedHashMap<>();
            String failure = "";
            for (String kernels : peer.kernels()) {
                try {
                    run(peer, kernels, threads, rows).forEach((row, gflops) ->
                            fastest.merge(row, new Best(gflops, kernels), Best::faster));
                } catch (IllegalStateException failed) {
                    failure = failed.getMessage();
                    System.err.println(peer.title(kernels) + ": " + failure);
                }
            }
            fastest.forEach((row, best) -> print(row, peer.title(best.kernels()), threads, best.gflops(), peer.note()));
            if (fastest.isEmpty()) {
                print(rows.getFirst(), peer.title(""), null, null, "missing: " + failure);
            }
        }
    }

    /// @return the rate of each row
    /// @throws IllegalStateException if the process fails; the message is the last line that it wrote about it
    private Map<String, Double> run(GemmPeer peer, String kernels, int threads, List<String> rows) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // Kernels that this processor cannot execute end the process: no more than that.
        command.add("-XX:+SuppressFatalErrorMessage");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), GemmProgram.class.getName(), peer.name(), kernels,
                String.valueOf(threads), String.valueOf(millis)));
        command.addAll(rows);
        Map<String, Double> rates = new LinkedHashMap<>();
        String said = "it said nothing";
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Thread watchdog = Thread.ofVirtual().start(() -> endAfterTimeout(process));
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ");
                    if (line.startsWith(PRODUCT) && words.length == 3) {
                        rates.put(words[0] + ":" + words[1], Double.valueOf(words[2]));
                    } else if (line.startsWith("Exception") || line.startsWith("Caused by")) {
                        said = line;
                    }
                }
            }
            int code = process.waitFor();
            watchdog.interrupt();
            if (code != 0 && rates.size() < rows.size()) {
                throw new IllegalStateException("its process ended with exit code " + code + ": " + said);
            }
            return rates;
        } catch (IOException failure) {
            throw new UncheckedIOException("starting " + peer, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void endAfterTimeout(Process process) {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // The process has ended.
        }
    }

    private static void print(String row, String peer, Integer threads, Double gflops, String note) {
        String[] parts = row.split(":");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", parts[0]);
        json.put("shape", parts[1]);
        json.put("peer", peer);
        json.put("threads", threads);
        json.put("gflops", gflops);
        json.put("samples_per_second", null);
        json.put("note", note);
        try {
            System.out.println(new ObjectMapper().writeValueAsString(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("writing " + json, impossible);
        }
    }
}
