package larch.opencl.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import larch.device.DeviceInfo;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.GemmParams;
import larch.opencl.gemm.GemmThresholds;
import larch.tuning.TuningChoice;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose numbers a device takes.
class DeviceTuningTest {
    private static final DeviceInfo CARD = InventedDevice.gpu("Card 9", "1.2");
    /// No two numbers are alike where they could be mixed up.
    private static final GemmChoice FOUND = new GemmChoice(GemmKernel.DOUBLE_BUFFER, new GemmParams(128, 64, 16, 8, 16, 2, 4, 2),
            GemmParams.scalar(32, 64, 8, 8, 16), new GemmThresholds(300, 1200));

    @TempDir
    private Path folder;

    private Path write(DeviceInfo device, GemmChoice choice) {
        Path file = folder.resolve(DeviceKey.of(device).fileName());
        TuningFile.write(file, "found", List.of(DeviceKey.of(device).section(), GemmSection.of(choice)));
        return file;
    }

    @Test
    void autoTakesWhatWasFoundOnThisDevice() {
        write(CARD, FOUND);
        assertEquals(new DeviceTuning(FOUND, "tuned on this device"), DeviceTuning.of(new TuningChoice.Auto(), CARD, folder));
    }

    @Test
    void withoutAFileAutoTakesWhatShips() {
        assertSame(DeviceTuning.SHIPPED, DeviceTuning.of(new TuningChoice.Auto(), CARD, folder));
    }

    @Test
    void shippedIgnoresTheFile() throws IOException {
        Files.writeString(write(CARD, FOUND), "damaged");
        assertSame(DeviceTuning.SHIPPED, DeviceTuning.of(new TuningChoice.Shipped(), CARD, folder));
    }

    @Test
    void anotherDeviceOrDriverHasAnotherFile() {
        Path file = write(CARD, FOUND);
        for (DeviceInfo other : List.of(InventedDevice.gpu("Card 8", "1.2"), InventedDevice.gpu("Card 9", "1.3"))) {
            assertNotEquals(DeviceKey.of(CARD).fileName(), DeviceKey.of(other).fileName());
            assertSame(DeviceTuning.SHIPPED, DeviceTuning.of(new TuningChoice.Auto(), other, folder));
            String message = assertThrows(TuningException.class, () -> DeviceTuning.of(new TuningChoice.File(file), other, folder))
                    .getMessage();
            assertTrue(message.matches("tuning .*, line \\d+: (name|driver): these numbers were found with another .*"), message);
        }
        assertEquals(FOUND, DeviceTuning.of(new TuningChoice.File(file), CARD, folder).choice());
    }

    /// What must be admitted may be a file's choice, but not what has other bits.
    @Test
    void aFileNeverChangesBits() throws IOException {
        GemmChoice async = FOUND.withFast(GemmKernel.WARP_ASYNC, GemmKernel.WARP_ASYNC.defaults());
        Path file = write(CARD, async);
        assertEquals(async, DeviceTuning.of(new TuningChoice.File(file), CARD, folder).choice());
        String text = Files.readString(file);
        for (GemmKernel other : GemmKernel.candidates()) {
            if (other != GemmKernel.WARP_ASYNC) {
                refused(file, text.replace("fast = WARP_ASYNC", "fast = " + other), "fast = ", "fast: expected one of [NAIVE, ");
            }
        }
    }

    @Test
    void aDamagedFileIsAnErrorThatNamesTheLine() throws IOException {
        Path file = write(CARD, FOUND);
        String text = Files.readString(file);
        refused(file, text.replace("fast = DOUBLE_BUFFER", "fast = DIRECT"), "fast = ", "fast: expected one of [NAIVE, ");
        refused(file, text.replace("fast.kwi = 2", "fast.kwi = two"), "fast.kwi = ", "fast.kwi: expected a whole number, got 'two'");
        refused(file, text.replace("fast.mdimc = 8", "fast.mdimc = 7"), "fast.mwg = ", "MDIMC must divide MWG");
        refused(file, text.replace("direct.vwn = 1\n", ""), "[opencl gemm]", "expected 'direct.vwn = ...'");
        refused(file, text.replace("direct.vwm = 1", "direct.vwm = 1\nspeed = 1"), "speed", "speed: [opencl gemm] knows only fast, ");
        refused(file, text.replaceAll("kernels = .*", "kernels = 00000000"), "kernels = ", "found with another kernel source");
    }

    private void refused(Path file, String text, String line, String part) throws IOException {
        Files.writeString(file, text);
        int number = 1 + (int) text.lines().takeWhile(each -> !each.startsWith(line)).count();
        String message = assertThrows(TuningException.class, () -> DeviceTuning.of(new TuningChoice.Auto(), CARD, folder))
                .getMessage();
        assertTrue(message.startsWith("tuning " + file + ", line " + number + ": ") && message.contains(part), message);
    }

    /// The same name and driver may come with less memory.
    @Test
    void whatTheDeviceHasNotIsAnError() {
        DeviceInfo small = InventedDevice.limited(DeviceInfo.Type.GPU, 64, 48 << 10);
        write(small, FOUND);
        String message = assertThrows(TuningException.class, () -> DeviceTuning.of(new TuningChoice.Auto(), small, folder))
                .getMessage();
        assertTrue(message.contains("must be at most 64 work-items in a work-group"), message);
    }
}
