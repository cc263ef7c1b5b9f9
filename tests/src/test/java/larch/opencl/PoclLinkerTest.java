package larch.opencl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import larch.device.DeviceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoclLinkerTest {
    private static final String POCL = "Portable Computing Language";
    private static final DeviceInfo POCL_CPU = OpenClMachine.device(0, "cpu", DeviceInfo.Type.CPU, POCL);

    @TempDir
    Path folder;

    @Test
    void refusesWithoutALinkerAndNamesThePath() {
        for (String path : new String[] {null, "", folder.toString(), "\0"}) {
            var error = assertThrows(OpenClException.class, () -> PoclLinker.require(POCL_CPU, "Linux", path));
            assertTrue(error.getMessage().contains("PoCL needs the linker 'ld'")
                    && error.getMessage().contains(path == null ? "not set" : "'" + path + "'"), error.getMessage());
        }
    }

    @Test
    void aFileThatCannotBeExecutedIsNoLinker() throws IOException {
        Path linker = Files.createFile(folder.resolve("ld"));
        assertThrows(OpenClException.class, () -> PoclLinker.require(POCL_CPU, "Linux", folder.toString()));
        assertTrue(linker.toFile().setExecutable(true));
        PoclLinker.require(POCL_CPU, "Linux", "/nowhere" + File.pathSeparator + folder);
    }

    @Test
    void otherPlatformsAndDevicesNeedNone() {
        DeviceInfo poclGpu = OpenClMachine.device(0, "gpu", DeviceInfo.Type.GPU, POCL);
        DeviceInfo otherCpu = OpenClMachine.device(0, "cpu", DeviceInfo.Type.CPU, "Intel(R) OpenCL");
        assertDoesNotThrow(() -> PoclLinker.require(poclGpu, "Linux", ""));
        assertDoesNotThrow(() -> PoclLinker.require(otherCpu, "Linux", ""));
        assertDoesNotThrow(() -> PoclLinker.require(POCL_CPU, "Windows 11", ""));
    }
}
