package larch.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClDevices;
import larch.opencl.probe.Finding;
import larch.opencl.probe.Probe;
import larch.opencl.probe.Probes;

/// Asks the preferred OpenCL device the questions of one experiment, prints one line for each answer and
/// appends it to a record.
///
/// A driver may end the process in the midst of a question. Started again with the same record, the program
/// holds that against the question, skips those with an answer and asks the rest.
public final class GpuProbe {
    private GpuProbe() {}

    /// @param arguments an experiment (`E0` to `E6`) and the folder of the record; or `devices`, to list what there is
    /// @throws IOException if the record cannot be read or written
    public static void main(String[] arguments) throws IOException {
        OpenClDevices devices = OpenClDevices.discover();
        if (arguments.length == 1 && arguments[0].equals("devices")) {
            devices.listing().devices().forEach(device -> System.out.println(device.summary()));
            System.out.println(devices.listing().detail());
            return;
        }
        if (arguments.length != 2) {
            throw new IllegalArgumentException("GpuProbe: expected an experiment and a folder, or 'devices', got "
                    + List.of(arguments));
        }
        List<Probe> probes = Probes.of(arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        var record = ProbeRecord.open(folder.resolve("probes.jsonl"));
        for (Probe probe : probes) {
            switch (record.state(probe.id())) {
                case ANSWERED -> { }
                case BEGUN -> report(record, probe, new Finding(Finding.Answer.NO,
                        "the driver ended the process, or did not answer in time", Map.of(), ""));
                case UNKNOWN -> {
                    record.begin(probe);
                    report(record, probe, ask(probe, devices));
                }
            }
        }
    }

    private static Finding ask(Probe probe, OpenClDevices devices) {
        if (devices.all().isEmpty()) {
            return new Finding(Finding.Answer.NOT_APPLICABLE, "no OpenCL device: " + devices.listing().detail(),
                    Map.of(), "");
        }
        OpenClDevice device = devices.at(0);
        try {
            return probe.run(device);
        } catch (RuntimeException e) {
            // The other questions are worth more than a stack trace that ends the program.
            return new Finding(Finding.Answer.NO, "the probe failed: " + e, Map.of(), "");
        }
    }

    private static void report(ProbeRecord record, Probe probe, Finding finding) throws IOException {
        System.out.println(probe.id() + "  " + probe.question() + "  " + finding.answer().text() + ": "
                + finding.verdict());
        record.answer(probe, finding);
    }
}
