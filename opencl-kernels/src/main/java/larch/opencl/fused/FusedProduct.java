package larch.opencl.fused;

import larch.gemm.Gemm;
import larch.opencl.source.ClResource;
import larch.opencl.source.EpilogueSource;
import larch.opencl.source.ExpressionSource;

/// A product of a fused kernel: which of the texts it takes, and with which definitions.
final class FusedProduct {
    /// Columns side by side in a work-group of a GPU, as many as two warps.
    private static final int LANES = 64;
    /// Steps of a tile: fewer barriers than with 16, and the tiles take less than half of 48 KiB.
    private static final int TILE = 32;
    /// With fewer columns or steps than this a tile would be all but empty.
    private static final int THIN = 5;
    /// Floats of the vectors of `fused_product_cpu.cl`.
    private static final int VECTOR = 16;

    private final Gemm g;
    private final FusedLayout layout;

    FusedProduct(Gemm g, FusedLayout layout) {
        this.g = g;
        this.layout = layout;
    }

    private boolean isThin() {
        return g.n() < THIN || g.k() < THIN;
    }

    /// @return whether B must be a copy by rows, each padded to whole vectors
    boolean turnsB() {
        return layout.isCpu() && !isThin() && (g.bColStride() != 1 || g.n() % VECTOR != 0);
    }

    /// @return distance between the rows of that copy
    int turnedStep() {
        return Math.ceilDiv(g.n(), VECTOR) * VECTOR;
    }

    private boolean isTiled() {
        return !layout.isCpu() && !isThin();
    }

    private int wide() {
        return g.n() > LANES ? 2 : 1;
    }

    /// @return floats of local memory for the tile of A
    int tileOfA() {
        return isTiled() ? layout.rows() * TILE : 0;
    }

    /// @return floats of local memory for the tile of B
    int tileOfB() {
        return isTiled() ? TILE * (LANES * wide() + 1) : 0;
    }

    /// @param name of the function
    /// @return its text
    String function(String name) {
        boolean isFinished = !g.epilogue().form().isNone();
        StringBuilder text = new StringBuilder();
        text.append("// C[rows,%d] = A[rows,%d] * B[%d,%d]\n".formatted(g.n(), g.k(), g.k(), g.n()));
        text.append(isFinished ? EpilogueSource.of(g.epilogue().form(), name + "_finished")
                : "#define EPILOGUE_PARAMS\n#define EPILOGUE(acc, row, col) (acc)\n");
        String[] definitions = {"NAME " + name, "N " + g.n(), "K " + g.k(),
            "A_ROW " + g.aRowStride(), "A_COL " + g.aColStride(),
            "B_ROW " + (turnsB() ? turnedStep() : g.bRowStride()), "B_COL " + (turnsB() ? 1 : g.bColStride()),
            "C_ROW " + g.ldc(), "ALPHA " + ExpressionSource.literal(g.alpha()), "BETA " + ExpressionSource.literal(g.beta()),
            "LANES " + LANES, "WIDE " + wide(), "TILE " + TILE};
        for (String definition : definitions) {
            text.append("#define ").append(definition).append('\n');
        }
        text.append(ClResource.text(isThin() ? "fused_product_thin.cl" : layout.isCpu() ? "fused_product_cpu.cl"
                : "fused_product.cl"));
        for (String definition : definitions) {
            text.append("#undef ").append(definition, 0, definition.indexOf(' ')).append('\n');
        }
        return text.append("#undef EPILOGUE\n#undef EPILOGUE_PARAMS\n").toString();
    }
}
