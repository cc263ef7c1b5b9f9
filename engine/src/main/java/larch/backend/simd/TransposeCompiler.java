package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import larch.backend.simd.KernelWriter.Local;
import larch.gemm.TransposeKernel;

/// Compiles the kernel that turns `lanes · lanes` elements at a time within registers: in log2(lanes) rounds,
/// each of which exchanges half of the lanes of two lines that are `distance` lines apart.
///
/// ```text
/// distance 1           distance 2                line r:            where lane & distance = 0, its own
/// a0 a1 a2 a3          a0 b0 a2 b2          a0 b0 c0 d0                else line r+distance, lane - distance
/// b0 b1 b2 b3          a1 b1 a3 b3          a1 b1 c1 d1      line r+distance: where lane & distance ≠ 0, its own
/// c0 c1 c2 c3     →    c0 d0 c2 d2     →    a2 b2 c2 d2                else line r, lane + distance
/// d0 d1 d2 d3          c1 d1 c3 d3          a3 b3 c3 d3
/// ```
///
/// (Eklundh, *A fast computer method for matrix transposing*, IEEE Trans. Computers C-21, 1972.)
final class TransposeCompiler {
    private final KernelCompiler compiler;
    private final SimdWidth width;
    private final int lanes;
    private volatile TransposeKernel kernel;

    TransposeCompiler(KernelCompiler compiler, SimdWidth width) {
        this.compiler = compiler;
        this.width = width;
        lanes = width.lanes();
    }

    /// @return the kernel; compiled once
    synchronized TransposeKernel get() {
        if (kernel == null) {
            KernelWriter out = new KernelWriter();
            write(out);
            kernel = compiler.compile(TransposeKernel.class, "transpose_" + width.bits(), out.listing(), out::emit,
                    selections(lanes));
        }
        return kernel;
    }

    private void write(KernelWriter out) {
        VectorLanes vectors = new VectorLanes(width);
        Local steps = out.local("steps", CD_int);
        Local from = out.local("from", CD_float.arrayType());
        Local fromOffset = out.local("fromOffset", CD_int);
        Local fromStride = out.local("fromStride", CD_int);
        Local to = out.local("to", CD_float.arrayType());
        Local toOffset = out.local("toOffset", CD_int);
        Local toStride = out.local("toStride", CD_int);
        Local[] lines = out.locals("line_", lanes, vectors.type());
        Local exchanged = out.local("exchanged", vectors.type());
        out.text("// %d x %d elements at a time; %s; arguments as in TransposeKernel.run".formatted(lanes, lanes,
                vectors.describe()));
        List<Local[]> rounds = rounds(out, vectors);
        Local end = out.local("end", CD_int);
        out.assign(end, "fromOffset + steps", code -> {
            fromOffset.load(code);
            steps.load(code);
            code.iadd();
        });
        Local at = out.local("at", CD_int);
        out.until(fromOffset, end, () -> {
            out.assign(at, "fromOffset", fromOffset::load);
            for (int i = 0; i < lanes; i++) {
                out.assign(lines[i], vectors.loadText("from", "at"), code -> vectors.load(code, address(from, at)));
                if (i < lanes - 1) {
                    out.assignSum(at, at, fromStride);
                }
            }
            for (int round = 0; round < rounds.size(); round++) {
                int distance = 1 << round;
                for (int r = 0; r < lanes; r++) {
                    if ((r & distance) == 0) {
                        select(out, vectors, exchanged, rounds.get(round)[0], lines[r], lines[r + distance]);
                        select(out, vectors, lines[r + distance], rounds.get(round)[1], lines[r], lines[r + distance]);
                        out.assign(lines[r], exchanged.name(), exchanged::load);
                    }
                }
            }
            for (Local line : lines) {
                out.line(vectors.storeText("to", "toOffset", line.name()),
                        code -> vectors.store(code, address(to, toOffset), line.slot()));
                out.assignSum(toOffset, toOffset, toStride);
            }
            out.assign(fromOffset, "fromOffset + " + lanes, code -> {
                fromOffset.load(code);
                code.loadConstant(lanes).iadd();
            });
        });
    }

    private List<Local[]> rounds(KernelWriter out, VectorLanes vectors) {
        List<Local[]> rounds = new ArrayList<>();
        float[] table = selections(lanes);
        for (int round = 0; 1 << round < lanes; round++) {
            Local[] selections = out.locals("select_" + (1 << round) + "_", 2, vectors.type());
            for (int half = 0; half < 2; half++) {
                int at = (2 * round + half) * lanes;
                out.assign(selections[half], "lanes " + Arrays.toString(Arrays.copyOfRange(table, at, at + lanes)),
                        code -> vectors.constant(code, at));
            }
            rounds.add(selections);
        }
        return rounds;
    }

    /// The two selections of each round: lane numbers of the first line, or of the second from `lanes` on.
    private static float[] selections(int lanes) {
        float[] table = new float[2 * lanes * Integer.numberOfTrailingZeros(lanes)];
        int at = 0;
        for (int distance = 1; distance < lanes; distance *= 2) {
            for (int lane = 0; lane < lanes; lane++) {
                boolean isFirst = (lane & distance) == 0;
                table[at + lane] = isFirst ? lane : lanes + lane - distance;
                table[at + lanes + lane] = isFirst ? lane + distance : lanes + lane;
            }
            at += 2 * lanes;
        }
        return table;
    }

    private static void select(KernelWriter out, VectorLanes vectors, Local target, Local selection, Local x, Local y) {
        out.assign(target, selection.name() + ".selectFrom(" + x.name() + ", " + y.name() + ")",
                code -> vectors.selectFrom(code, selection.slot(), x.slot(), y.slot()));
    }

    private static Consumer<CodeBuilder> address(Local array, Local offset) {
        return code -> {
            array.load(code);
            offset.load(code);
        };
    }
}
