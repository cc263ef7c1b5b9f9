package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device is asked for where no driver is registered: one line and exit code 2.
class WithoutOpenClTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train --backend opencl --device 0 --kernel-times --out OUT", "tune --backend opencl",
        "bench gemm --quick --backend opencl"})
    void itIsOneLineThatSaysWhatToDo(String line) throws IOException, InterruptedException {
        Map<String, String> noDriver = Map.of("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("no-drivers")).toString());
        Program.forked(noDriver, line.replace("OUT", folder.resolve("out").toString()).split(" ")).refused("opencl", "; fix: ");
        assertFalse(Files.exists(folder.resolve("out/model.safetensors")));
    }
}
