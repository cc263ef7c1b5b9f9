package larch.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import larch.opencl.OpenClDevice;
import larch.opencl.OpenClMachine;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.probe.GemmTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("opencl")
class GpuTablesTest {
    @TempDir private Path folder;

    /// The ladder has its rows; candidates are added to them, or the reason is printed.
    @Test
    void candidatesComeBehindTheLadder() throws IOException {
        OpenClDevice device = OpenClMachine.devices().at(0);
        assumeTrue(!device.info().vendor().contains("NVIDIA"), "the reasons are those of other vendors");
        Path shapes = Files.writeString(folder.resolve("shapes"), "M,K,N\n128,64,128\n33,17,65\n");
        Path csv = folder.resolve("csv");
        noted("ladder", shapes, csv);
        List<String> rows = Files.readAllLines(csv);
        assertEquals("M,K,N,mode,us,tflops,relerr", rows.getFirst());
        for (GemmKernel kernel : GemmKernel.ladder()) {
            String name = kernel.name().toLowerCase(Locale.ROOT);
            assertEquals(1, rows.stream().filter(row -> row.startsWith("128,64,128," + name + ",")).count(), name);
        }
        assertEquals(1, rows.stream().filter(row -> row.startsWith("33,17,65,direct,")).count());
        rows.stream().skip(1).forEach(row -> assertTrue(Double.parseDouble(row.substring(row.lastIndexOf(',') + 1)) < 1e-5, row));
        String text = noted("candidates", shapes, csv);
        for (GemmKernel kernel : GemmKernel.candidates()) {
            assertTrue(text.contains("\n" + kernel + ": gemm: " + kernel + " must be computed rightly on "), text);
        }
        assertEquals(rows, Files.readAllLines(csv));
        try (GemmTable table = GemmTable.candidates(device, _ -> { })) {
            assertTrue(table.isEmpty());
        }
    }

    @Test
    void whatIsNoTableIsRefused() {
        assertEquals("GpuTables: expected ladder or candidates, a file of shapes and one to add to, got [all, a, b]",
                assertThrows(IllegalArgumentException.class, () -> GpuTables.main(new String[] {"all", "a", "b"})).getMessage());
    }

    private static String noted(String table, Path shapes, Path csv) throws IOException {
        StringBuilder notes = new StringBuilder();
        GpuTables.run(new String[] {table, shapes.toString(), csv.toString()}, note -> notes.append(note).append('\n'));
        return notes.toString();
    }
}
