package larch.bench.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import larch.bench.report.PeerRow;
import larch.fncf.bench.BenchmarkSuite.BenchmarkException;
import larch.fncf.bench.BenchmarkSuite.Request;

/// Runs the program that measures other libraries and reads its rows, one JSON object per line (`bench/README.md`).
final class PeersProgram {
    private PeersProgram() {
    }

    /// @param request   the program, and whether to be quick
    /// @param workloads our rows
    /// @return the rows that it printed; what it writes on standard error is shown as it comes
    /// @throws BenchmarkException if it fails or prints something else
    static List<PeerRow> run(Request request, List<Workload> workloads) {
        List<String> command = new ArrayList<>(List.of(request.peers().toString()));
        if (request.isQuick()) {
            command.add("--quick");
        }
        for (Workload workload : workloads) {
            command.add(workload.name() + ":" + workload.shape() + ":" + workload.threads());
        }
        List<PeerRow> rows = new ArrayList<>();
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        rows.add(PeerRow.parse(line));
                    }
                }
            } catch (IllegalArgumentException wrong) {
                process.destroy();
                throw new BenchmarkException(request.peers() + ", row " + (rows.size() + 1) + ": " + wrong.getMessage(), wrong);
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new BenchmarkException(request.peers() + " ended with exit code " + code, null);
            }
            return rows;
        } catch (IOException failure) {
            throw new BenchmarkException(request.peers() + " cannot be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while " + request.peers() + " ran", interrupted);
        }
    }
}
