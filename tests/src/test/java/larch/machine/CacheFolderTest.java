package larch.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void itFollowsTheEnvironment() {
        assertEquals(Path.of("/home/ada/.cache/larch/data"), on("Linux", Map.of()));
        assertEquals(Path.of("/x/larch/data"), on("Linux", Map.of("XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/home/ada/.cache/larch/data"), on("Linux", Map.of("XDG_CACHE_HOME", "rel")));
        assertEquals(Path.of("/l/data"), on("Linux", Map.of("LARCH_CACHE", "/l", "XDG_CACHE_HOME", "/x")));
    }

    @Test
    void aMacHasAPlaceOfItsOwn() {
        assertEquals(Path.of("/home/ada/Library/Caches/larch/data"), on("Mac OS X", Map.of("XDG_CACHE_HOME", "/x")));
        assertEquals(Path.of("/l/data"), on("Mac OS X", Map.of("LARCH_CACHE", "/l")));
    }

    @Test
    void theProcessorIsNamedByItsSystem() {
        assertEquals(Optional.of("AMD EPYC 9R14"), Cpu.ofTable(List.of("processor\t: 0", "model name\t: AMD EPYC 9R14")));
        assertEquals(Optional.of("Arm 0x41 part 0xd40"),
                Cpu.ofTable(List.of("processor\t: 0", "CPU implementer\t: 0x41", "CPU part\t: 0xd40")));
        assertEquals(Optional.empty(), Cpu.ofTable(List.of("cpu family\t: 6")));
        assertFalse(Cpu.model().isBlank());
    }

    private static Path on(String system, Map<String, String> environment) {
        return CacheFolder.of("data", environment, HOME, system);
    }
}
