package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import larch.backend.simd.KernelWriter.Local;
import larch.expr.Program;
import larch.gemm.Epilogue;
import larch.gemm.EpilogueKernel;

/// Compiles an epilogue to two scalar loops over a block of C. Scalars, because what is left for it is
/// narrower than a vector or runs once; and scalars are never cold.
final class EpilogueCompiler {
    private final KernelCompiler compiler;
    private final ConcurrentMap<Epilogue.Form, EpilogueKernel> kernels = new ConcurrentHashMap<>();

    EpilogueCompiler(KernelCompiler compiler) {
        this.compiler = compiler;
    }

    /// @param form function and access
    /// @return the kernel; compiled once
    EpilogueKernel get(Epilogue.Form form) {
        EpilogueKernel kernel = kernels.get(form);
        return kernel != null ? kernel : kernels.computeIfAbsent(form, this::compile);
    }

    private EpilogueKernel compile(Epilogue.Form form) {
        KernelWriter out = new KernelWriter();
        new Body(out, form).write();
        return compiler.compile(EpilogueKernel.class, "epilogue_" + Integer.toHexString(form.hashCode()), out.listing(),
                out::emit);
    }

    /// One kernel, line by line.
    private static final class Body {
        private final KernelWriter out;
        private final Epilogue.Form form;
        private final ScalarLanes lanes = new ScalarLanes();

        // Parameters, in the order of EpilogueKernel.run.
        private final Local c;
        private final Local cOffset;
        private final Local cRowStride;
        private final Local rows;
        private final Local columns;
        private final OperandWriter operands;

        Body(KernelWriter out, Epilogue.Form form) {
            this.out = out;
            this.form = form;
            c = out.local("c", CD_float.arrayType());
            cOffset = out.local("cOffset", CD_int);
            cRowStride = out.local("cRowStride", CD_int);
            rows = out.local("rows", CD_int);
            columns = out.local("columns", CD_int);
            Local epilogue = out.local("epilogue", OperandWriter.EPILOGUE);
            Local row = out.local("row", CD_int);
            Local column = out.local("column", CD_int);
            operands = new OperandWriter(out, lanes, form, epilogue, row, column, 0);
        }

        void write() {
            out.text("// c = " + form.f() + " of c and operands " + form.access() + ", in place");
            operands.begin();
            Local value = out.local("value", CD_float);
            ExpressionWriter function = new ExpressionWriter(out, Program.of(form.f()), lanes, "t");
            function.begin();
            Local i = out.local("i", CD_int);
            Local j = out.local("j", CD_int);
            out.assign(i, "0", CodeBuilder::iconst_0);
            out.countedLoop(i, rows, 1, () -> {
                operands.beginRow(true);
                out.assign(j, "0", CodeBuilder::iconst_0);
                out.countedLoop(j, columns, 1, () -> {
                    out.assign(value, lanes.loadText("c", "cOffset + j"), code -> lanes.load(code, at -> address(at, j)));
                    Local[] read = operands.read("j", j::load);
                    Local result = function.write(argument -> argument == 0 ? value : read[argument - 1]);
                    out.line(lanes.storeText("c", "cOffset + j", result.name()),
                            code -> lanes.store(code, at -> address(at, j), result.slot()));
                });
                out.assignSum(cOffset, cOffset, cRowStride);
                operands.nextRow();
            });
        }

        private void address(CodeBuilder code, Local j) {
            c.load(code);
            cOffset.load(code);
            j.load(code);
            code.iadd();
        }
    }
}
