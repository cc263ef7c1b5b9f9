package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import larch.opencl.OpenClMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network that is too large for the device: one line and exit code 1.
@Tag("opencl")
class OutOfDeviceMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void itIsOneLineThatSaysWhatToDo() throws IOException, InterruptedException {
        assumeTrue(OpenClMachine.devices().at(0).info().platformName().contains("Portable Computing Language"),
                "only PoCL can be told to have little memory");
        // One layer has 16384 · 8192 weights: 512 MiB of 1 GiB, of which PoCL gives a quarter at once.
        Program.forked(Map.of("POCL_MEMORY_LIMIT", "1"), "train", "--data", TinyMovieLens.write(folder.resolve("tiny")).toString(),
                "--factors", "4096", "--backend", "opencl", "--device", "0", "--out", folder.resolve("out").toString())
                .failed(1, "opencl: allocate 512.0 MiB on [0] ", " the device has 1.0 GiB and gives at most 256.0 MiB at once; ",
                        "use a smaller model or smaller batches, or split the tensor");
        assertFalse(Files.exists(folder.resolve("out/model.safetensors")));
    }
}
