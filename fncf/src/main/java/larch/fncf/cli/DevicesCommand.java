package larch.fncf.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import larch.backend.Backend;
import larch.backend.BackendOptions;
import larch.backend.BackendProvider;
import larch.backend.Backends;
import larch.backend.simd.SimdTuning;
import larch.device.DeviceException;
import larch.device.DeviceInfo;
import larch.device.DeviceLister;
import larch.device.DeviceListing;
import larch.tuner.DeviceTuner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `larch devices`.
@Command(name = "devices", sortOptions = false, usageHelpWidth = 100,
        description = {"Show what this machine computes on: its processor, and OpenCL devices.",
            "Backends (--backend of other commands) with their vector width, threads and tuning; then every",
            "OpenCL device with its index (--device of other commands), or why there is none and what to install."},
        footerHeading = "%nExample:%n", footer = "  ./larch devices --check")
final class DevicesCommand extends LarchCommand {
    private static final String SIMD = "simd";

    @Option(names = "--check", description = "Also compute on each of them, and compare with the reference.")
    private boolean check;

    @Mixin
    private JsonOption json;

    private final StringBuilder text = new StringBuilder();
    private final List<String> failures = new ArrayList<>();

    DevicesCommand(Console console) {
        super(console);
    }

    @Override
    void run() throws IOException {
        json.requireWritable();
        ObjectNode object = JsonOption.object("devices");
        object.put("cpu", Machine.cpu());
        text.append("cpu: ").append(Machine.cpu()).append("\nbackends:\n");
        BackendOptions options = UserError.guard("devices", BackendOptions::fromSystemProperties);
        boolean chosen = false;
        ArrayNode backends = object.putArray("backends");
        for (BackendProvider provider : Backends.providers()) {
            boolean usable = provider.whyUnavailable() == null;
            describe(provider, options, usable && !chosen, backends.addObject());
            chosen |= usable;
        }
        ArrayNode listings = object.putArray("listings");
        DeviceLister.installed().forEach(lister -> describe(lister, listings.addObject()));
        json.publish(console(), text.toString(), object);
        if (!failures.isEmpty()) {
            throw new Failure("devices: " + String.join("; ", failures));
        }
    }

    private void describe(BackendProvider provider, BackendOptions options, boolean isDefault, ObjectNode row) {
        String why = provider.whyUnavailable();
        row.put("name", provider.name()).put("usable", why == null).put("default", isDefault);
        if (why != null) {
            text.append("  ").append(provider.name()).append(": cannot run here: ").append(why).append('\n');
            row.put("why", why);
            return;
        }
        try (Backend backend = provider.create(options)) {
            row.put("description", backend.describe());
            text.append("  ").append(backend.describe()).append(isDefault ? " (default)" : "").append('\n');
            if (backend.name().equals(SIMD)) {
                tuningFile(SimdTuning.file(options.vectorBits()), "machine; ./larch tune", row);
            }
            if (check) {
                double worst = BackendCheck.worstError(backend);
                boolean passed = worst <= 1;
                verdict(passed, String.format(Locale.ROOT, "a product has %.0f%% of the error that rounding allows", 100 * worst),
                        backend.name(), row);
            }
        }
    }

    private void tuningFile(Path file, String ofWhatAndHow, ObjectNode row) {
        boolean exists = Files.exists(file);
        text.append("      ").append(exists ? "tuning file: " + file : "no tuning file of this " + ofWhatAndHow + " makes " + file)
                .append('\n');
        row.put("tuning_file", file.toString()).put("tuning_file_exists", exists);
    }

    private void describe(DeviceLister lister, ObjectNode row) {
        DeviceListing listing = lister.list();
        row.put("kind", lister.kind()).put("state", listing.state().name()).put("detail", listing.detail());
        text.append(lister.kind()).append(": ").append(listing.detail()).append('\n');
        ArrayNode devices = row.putArray("devices");
        for (DeviceInfo device : listing.devices()) {
            ObjectNode entry = devices.addObject().put("index", device.index()).put("name", device.name())
                    .put("vendor", device.vendor()).put("type", device.type().name()).put("driver", device.driver())
                    .put("version", device.version()).put("platform", device.platformName())
                    .put("compute_units", device.computeUnits()).put("clock_mhz", device.clockMHz())
                    .put("memory_bytes", device.globalMemoryBytes());
            text.append("  ").append(device.summary()).append('\n');
            DeviceTuner.installed().filter(tuner -> tuner.kind().equals(lister.kind())).forEach(tuner ->
                    tuningFile(tuner.file(String.valueOf(device.index())), "device; ./larch tune --device " + device.index(), entry));
            if (check) {
                checkDevice(lister, device, entry);
            }
        }
    }

    private void checkDevice(DeviceLister lister, DeviceInfo device, ObjectNode entry) {
        try {
            verdict(true, lister.check(device.index()), device.name(), entry);
        } catch (DeviceException failure) {
            verdict(false, failure.getMessage(), device.name(), entry);
        }
    }

    private void verdict(boolean passed, String detail, String what, ObjectNode row) {
        text.append("      ").append(passed ? "check passed: " : "check FAILED: ").append(detail).append('\n');
        row.put("check_passed", passed).put("check", detail);
        if (!passed) {
            failures.add(what + " does not compute rightly");
        }
    }
}
