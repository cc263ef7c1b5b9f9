package larch.opencl.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import larch.backend.Block;
import larch.backend.KernelCall;
import larch.gemm.Epilogue;
import larch.gemm.Gemm;
import larch.gemm.Operand;
import larch.opencl.OpenClProgram;
import larch.opencl.gemm.DeviceGemm;
import larch.opencl.gemm.DeviceMatrix;
import larch.opencl.gemm.GemmEpilogue;
import larch.opencl.runtime.DeviceMemory;
import larch.opencl.runtime.NdRange;
import larch.opencl.runtime.PreparedLaunch;
import larch.opencl.source.CsrTranspose;
import larch.opencl.source.ElementwiseSource;
import larch.opencl.source.EpilogueSource;
import larch.opencl.source.ExpressionSource;
import larch.opencl.source.KernelSource;
import larch.opencl.source.ProgramSource;
import larch.opencl.source.ReducePlan;
import larch.opencl.source.ReduceSource;
import larch.opencl.source.RowSegments;
import larch.tensor.Buffer;
import larch.tensor.CsrMatrix;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Which kernels each [KernelCall] becomes.
final class Calls {
    private final Session session;
    private final ProgramSource rowKernels = ProgramSource.ofFile("rows.cl");
    private final ProgramSource philox = ProgramSource.ofFile("philox.cl");

    Calls(Session session) {
        this.session = session;
    }

    /// @param call any call but one of the host
    /// @return what runs it
    PreparedCall prepare(KernelCall call) {
        PreparedCall prepared = new PreparedCall(session, call);
        try {
            fill(prepared, call);
            return prepared;
        } catch (RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private void fill(PreparedCall prepared, KernelCall call) {
        switch (call) {
            case KernelCall.Product(Gemm g) -> product(prepared, g);
            case KernelCall.Elementwise e -> elementwise(prepared, e);
            case KernelCall.Reduce r -> reduce(prepared, r);
            case KernelCall.Rows r -> rows(prepared, r);
            case KernelCall.RowUpdate u -> rowUpdate(prepared, u);
            case KernelCall.SparseProduct s -> sparse(prepared, s);
            case KernelCall.Copy(Block b) -> copy(prepared, b);
            case KernelCall.SeriesRow s -> seriesRow(prepared, s);
            case KernelCall.Draw d -> draw(prepared, d);
            case KernelCall.Host _ -> throw new IllegalArgumentException("opencl: host actions have no kernel");
        }
    }

    private void product(PreparedCall to, Gemm g) {
        DeviceGemm product = new DeviceGemm(g.m(), g.n(), g.k(), g.alpha(),
                matrix(to, g.a(), g.aOffset(), g.aRowStride(), g.aColStride()),
                matrix(to, g.b(), g.bOffset(), g.bRowStride(), g.bColStride()), g.beta(),
                matrix(to, g.c(), g.cOffset(), g.ldc(), 1), epilogue(to, g.epilogue()));
        to.step(to.own(session.gemm().prepare(product)));
    }

    private static GemmEpilogue epilogue(PreparedCall to, Epilogue epilogue) {
        if (epilogue.form().isNone()) {
            return GemmEpilogue.NONE;
        }
        List<Object> args = new ArrayList<>();
        for (Operand operand : epilogue.operandList()) {
            Visitors.Place place = to.place(operand.data(), operand.offset());
            args.addAll(List.of(place.memory(), place.offset(), operand.ld()));
        }
        return new GemmEpilogue(epilogue.toString(),
                ExpressionSource.PRELUDE + EpilogueSource.of(epilogue.form(), "finished"), args);
    }

    private static DeviceMatrix matrix(PreparedCall to, Buffer buffer, int offset, int rowStride, int colStride) {
        Visitors.Place place = to.place(buffer, offset);
        return new DeviceMatrix(place.memory(), place.offset(), rowStride, colStride);
    }

    private void elementwise(PreparedCall to, KernelCall.Elementwise e) {
        List<Object> args = places(to, e.outs());
        args.addAll(places(to, e.args()));
        args.addAll(List.of(e.walked().rows(), e.walked().cols()));
        KernelSource source = ElementwiseSource.of("elementwise", e.fs(), Arrays.asList(e.access()));
        launch(to, generated("element-wise kernel", source), "elementwise", e.walked().size(),
                4.0 * (elements(e.outs()) + elements(e.args())), args);
    }

    private void rowUpdate(PreparedCall to, KernelCall.RowUpdate u) {
        int tables = u.tables().size();
        int cols = u.tables().getFirst().dim(1);
        if (cols == 0) {
            to.step(u::checkedCount);
            return;
        }
        DeviceMemory picked = to.scratch(u.capacity());
        List<Object> args = places(to, u.tables());
        args.addAll(places(to, u.args()));
        args.addAll(List.of(picked, 0, cols));
        KernelSource source = ElementwiseSource.ofPickedRows("row_update", u.fs(),
                Arrays.asList(u.access()).subList(tables, tables + u.args().size()));
        PreparedLaunch launch = to.launch(generated("row update", source), "row_update",
                NdRange.covering((long) u.capacity() * cols, PreparedCall.GROUP), 0, args);
        int countAt = 2 * u.all().size() + 1;
        to.step(() -> {
            int count = u.checkedCount();
            if (count > 0) {
                session.transfers().write(u.rows().rows(), 0, picked, 0, count);
                launch.set(countAt, count);
                launch.run();
            }
        });
    }

    private void reduce(PreparedCall to, KernelCall.Reduce r) {
        Shape walked = r.walked();
        ReducePlan plan = ReducePlan.of(r.axis(), walked.rows(), walked.cols());
        KernelSource source = ReduceSource.of("fold", r.reduction(), r.axis(), r.f(), Arrays.asList(r.access()));
        Visitors.Place result = to.place(r.out());
        Visitors.Place first = plan.hasTwoPasses()
                ? new Visitors.Place(to.scratch((long) plan.chunks() * plan.kept()), 0) : result;
        List<Object> args = new ArrayList<>(List.of(first));
        args.addAll(places(to, r.args()));
        args.addAll(List.of(walked.rows(), walked.cols(), plan.lanes(), plan.chunk()));
        to.step(to.launch(generated("fold", source), "fold", range(plan), 4.0 * elements(r.args()), args)::run);
        if (plan.hasTwoPasses()) {
            ReducePlan second = plan.second();
            to.step(to.launch(generated("fold of partial results", ReduceSource.ofPartials("fold", r.reduction())), "fold",
                    range(second), 4.0 * plan.chunks() * plan.kept(), List.of(result, first, plan.chunks(), plan.kept(),
                            second.lanes(), second.chunk()))::run);
        }
    }

    private static NdRange range(ReducePlan plan) {
        return NdRange.of(new long[] {plan.globalSize(), plan.chunks()}, new long[] {ReducePlan.GROUP, 1});
    }

    private void rows(PreparedCall to, KernelCall.Rows r) {
        int cols = r.source().dim(1);
        if (r.count() == 0 || cols == 0) {
            to.step(r::checkIndices);
            return;
        }
        if (r.kind() == KernelCall.Rows.Kind.SCATTER_ADD) {
            scatterAdd(to, r);
            return;
        }
        DeviceMemory indices = to.scratch(r.count());
        List<Object> args = new ArrayList<>(List.of(to.place(r.source()), indices, to.place(r.target()), r.count(), cols));
        boolean gathers = r.kind() == KernelCall.Rows.Kind.GATHER;
        if (gathers) {
            args.add(r.step());
        }
        to.step(() -> {
            r.checkIndices();
            session.transfers().write(r.indices(), r.first(), indices, 0, r.count());
        });
        launch(to, session.program(rowKernels), gathers ? "gather_rows" : "scatter_rows",
                (long) r.count() * cols, 8.0 * r.count() * cols, args);
    }

    private void scatterAdd(PreparedCall to, KernelCall.Rows r) {
        int cols = r.source().dim(1);
        RowSegments segments = new RowSegments(r.target().dim(0));
        DeviceMemory order = to.scratch(r.count());
        DeviceMemory starts = to.scratch(r.count() + 1L);
        DeviceMemory targets = to.scratch(r.count());
        PreparedLaunch launch = to.launch(session.program(rowKernels), "scatter_add_rows",
                NdRange.covering((long) r.count() * cols, PreparedCall.GROUP), 12.0 * r.count() * cols,
                List.of(to.place(r.source()), order, starts, targets, to.place(r.target()), 0, cols));
        int segmentsAt = 7;
        to.step(() -> {
            r.checkIndices();
            segments.group(r.first() == 0 ? r.indices() : Arrays.copyOfRange(r.indices(), r.first(), r.first() + r.count()),
                    r.count());
            session.transfers().write(segments.order(), 0, order, 0, r.count());
            session.transfers().write(segments.starts(), 0, starts, 0, segments.count() + 1);
            session.transfers().write(segments.targets(), 0, targets, 0, segments.count());
            launch.set(segmentsAt, segments.count());
            launch.run();
        });
    }

    private void sparse(PreparedCall to, KernelCall.SparseProduct s) {
        int cols = s.dense().dim(1);
        int rows = s.out().dim(0);
        if (rows == 0 || cols == 0) {
            return;
        }
        CsrMatrix matrix = s.transposed() ? CsrTranspose.of(s.sparse()) : s.sparse();
        int entries = matrix.rowPointers()[matrix.rows()];
        DeviceMemory pointers = to.scratch(rows + 1L);
        DeviceMemory columns = to.scratch(entries);
        DeviceMemory values = to.scratch(entries);
        // A CsrMatrix is constant, so once is enough.
        session.transfers().write(matrix.rowPointers(), 0, pointers, 0, rows + 1);
        session.transfers().write(matrix.columns(), 0, columns, 0, entries);
        session.transfers().write(matrix.values(), 0, values, 0, entries);
        launch(to, session.program(rowKernels),
                s.transposed() ? "sparse_transposed_matmul" : "sparse_matmul", (long) rows * cols,
                4.0 * (2 * entries + rows + (double) entries * cols + (double) rows * cols),
                List.of(pointers, columns, values, to.place(s.dense()), to.place(s.out()), rows, cols));
    }

    private void copy(PreparedCall to, Block b) {
        launch(to, session.program(rowKernels), "copy_block", (long) b.rows() * b.cols(),
                8.0 * b.rows() * b.cols(), List.of(to.place(b.from(), b.fromAt()), b.fromStep(), b.fromUnit(),
                        to.place(b.to(), b.toAt()), b.toStep(), b.toUnit(), b.rows(), b.cols()));
    }

    private void seriesRow(PreparedCall to, KernelCall.SeriesRow s) {
        boolean reads = s.kind() == KernelCall.SeriesRow.Kind.NEXT;
        int width = s.row().size();
        if (width == 0) {
            to.step(() -> s.advance(1));
            return;
        }
        Visitors.Place table = to.place(s.series().table());
        Visitors.Place row = to.place(s.row());
        PreparedLaunch launch = to.launch(session.program(rowKernels), "copy_block",
                NdRange.covering(width, PreparedCall.GROUP), 8.0 * width,
                List.of(reads ? table : row, width, 1, reads ? row : table, width, 1, 1, width));
        int tableOffsetAt = reads ? 1 : 5;
        to.step(() -> {
            launch.set(tableOffsetAt, table.offset() + s.advance(1) * width);
            launch.run();
        });
    }

    private void draw(PreparedCall to, KernelCall.Draw d) {
        int count = d.out().size();
        if (count == 0) {
            return;
        }
        long blocks = ((d.first() & 3) + count + 3) / 4;
        PreparedLaunch launch = to.launch(session.program(philox),
                d.normal() ? "philox_normals" : "philox_uniforms", NdRange.covering(blocks, PreparedCall.GROUP), 4.0 * count,
                List.of(to.place(d.out()), count, 0L, d.first()));
        int keyAt = 3;
        to.step(() -> {
            // A stream that follows a counter has another key in each run.
            launch.set(keyAt, d.stream().key());
            launch.run();
        });
    }

    private void launch(PreparedCall to, OpenClProgram program, String function, long items, double bytes,
                        List<Object> arguments) {
        to.step(to.launch(program, function, NdRange.covering(items, PreparedCall.GROUP), bytes, arguments)::run);
    }

    private OpenClProgram generated(String name, KernelSource source) {
        return session.program(ProgramSource.ofKernels(name, source));
    }

    private static List<Object> places(PreparedCall to, List<Tensor> tensors) {
        List<Object> places = new ArrayList<>();
        tensors.forEach(tensor -> Collections.addAll(places, to.place(tensor)));
        return places;
    }

    private static double elements(List<Tensor> tensors) {
        return tensors.stream().mapToDouble(Tensor::size).sum();
    }
}
