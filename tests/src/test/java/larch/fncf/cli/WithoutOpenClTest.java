package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device is asked for where no driver is registered: one line, the same for all commands, and exit code 2.
class WithoutOpenClTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train --backend opencl --device 0 --kernel-times --out OUT", "evaluate --backend opencl --model M",
        "attack --backend opencl --model M", "recommend --backend opencl --user 1 --model M", "reproduce --backend opencl --out OUT",
        "gradcheck matmul --backend opencl --device 0", "tune --backend opencl", "tune --device 0",
        "bench gemm --quick --backend opencl", "bench gemm --quick --backend opencl --device 0"})
    void itIsOneLineThatSaysWhatToDo(String line) throws IOException, InterruptedException {
        Map<String, String> noDriver = Map.of("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("no-drivers")).toString());
        Program.forked(noDriver, line.replace("OUT", folder.resolve("out").toString()).split(" "))
                .refused("larch: backend opencl cannot run here: ", "; fix: ");
        assertFalse(Files.exists(folder.resolve("out/model.safetensors")));
    }
}
