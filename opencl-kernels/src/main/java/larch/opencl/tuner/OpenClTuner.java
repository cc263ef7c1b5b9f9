package larch.opencl.tuner;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import larch.device.DeviceInfo;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClDevices;
import larch.opencl.OpenClException;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.probe.Finding;
import larch.opencl.probe.Probes;
import larch.opencl.runtime.OpenClRuntime;
import larch.opencl.tuning.DeviceKey;
import larch.opencl.tuning.DeviceTuning;
import larch.opencl.tuning.GemmSection;
import larch.tuner.DeviceTuner;
import larch.tuner.StagedSearch;
import larch.tuner.TimeBox;
import larch.tuner.TuneReport;
import larch.tuning.Section;
import larch.tuning.TuningFile;

/// Looks for the fastest kernels for the products of an OpenCL device.
public final class OpenClTuner implements DeviceTuner {
    private static final String PEAK = "E0.fma";

    /// For `ServiceLoader`.
    public OpenClTuner() {
    }

    @Override
    public String kind() {
        return "opencl";
    }

    @Override
    public Session open(String selector) {
        OpenClDevice device = OpenClDevices.discover().select(selector);
        return new Opened(device.info(), OpenClRuntime.open(device, false));
    }

    @Override
    public Path file(String selector) {
        return DeviceTuning.file(OpenClDevices.discover().select(selector).info());
    }

    /// A search with the rules of this device, whatever measures it.
    /// @param device the device
    /// @param stages what is tried
    /// @param trials measures
    /// @return the search
    static StagedSearch<GemmChoice, ProductStage> search(DeviceInfo device, List<ProductStage> stages,
                                                         StagedSearch.Trials<GemmChoice, ProductStage> trials) {
        return new StagedSearch<>(GemmChoice.SHIPPED, stages, new Findings(device), trials);
    }

    private record Findings(DeviceInfo device) implements StagedSearch.Findings<GemmChoice> {
        @Override
        public void require(TuningFile before) {
            DeviceKey.of(device).requireIn(before);
            DeviceTuning.read(before, device);
        }

        @Override
        public List<Section> sections(GemmChoice chosen) {
            return List.of(DeviceKey.of(device).section(), GemmSection.of(chosen));
        }
    }

    private record Opened(DeviceInfo device, OpenClRuntime runtime) implements Session {
        @Override
        public Map<String, String> key() {
            return DeviceKey.of(device).parts();
        }

        @Override
        public TuneReport<Map<String, String>> run(Path file, TimeBox time, StagedSearch.Listener listener) {
            double peak = peakGflops();
            return search(device, ProductSpace.stages(device),
                    (stage, candidates) -> new ProductTrial(runtime, stage, candidates, peak))
                    .run(file, time, listener).as(GemmSection::numbers);
        }

        private double peakGflops() {
            Finding finding = Probes.of("E0").stream().filter(probe -> probe.id().equals(PEAK)).findFirst().orElseThrow()
                    .run(runtime.device());
            return finding.numbers().values().stream().max(Comparator.naturalOrder())
                    .orElseThrow(() -> new OpenClException("opencl: measure the peak of " + runtime.device() + ": " + finding.verdict()));
        }

        @Override
        public void close() {
            runtime.close();
        }
    }
}
