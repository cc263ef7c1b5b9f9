package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import larch.backend.simd.KernelWriter.Local;
import larch.gemm.Epilogue;
import larch.tensor.Broadcast;

/// Writes how a kernel reads the operands of an [Epilogue]: where each begins, and the values beside an
/// element of C.
final class OperandWriter {
    static final ClassDesc EPILOGUE = Epilogue.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc ARRAY = MethodTypeDesc.of(CD_float.arrayType(), CD_int);
    private static final MethodTypeDesc INDEX = MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int);
    private static final MethodTypeDesc ROW_STRIDE = MethodTypeDesc.of(CD_int, CD_int);

    private final KernelWriter out;
    private final Lanes lanes;
    private final Broadcast[] access;
    private final Local epilogue;
    private final Local row;
    private final Local column;
    private final Local[] arrays;
    private final Local[] indices;
    private final Local[] values;

    /// Declares the local variables.
    /// @param out      where to write
    /// @param lanes    scalars or vectors
    /// @param form     how operands are read
    /// @param epilogue parameter of the kernel
    /// @param row      parameter: first row of the block in C
    /// @param column   parameter: its first column
    OperandWriter(KernelWriter out, Lanes lanes, Epilogue.Form form, Local epilogue, Local row, Local column) {
        this.out = out;
        this.lanes = lanes;
        this.epilogue = epilogue;
        this.row = row;
        this.column = column;
        access = form.access().toArray(Broadcast[]::new);
        arrays = out.locals("x", access.length, CD_float.arrayType());
        indices = out.locals("ix", access.length, CD_int);
        values = out.locals("x_", access.length, lanes.type());
    }

    /// Writes where operands begin.
    void begin() {
        for (int i = 0; i < access.length; i++) {
            int operand = i;
            out.assign(arrays[i], "epilogue.array(" + i + ")", code -> {
                epilogue.load(code);
                code.loadConstant(operand).invokevirtual(EPILOGUE, "array", ARRAY);
            });
            out.assign(indices[i], "epilogue.index(" + i + ", row, column)", code -> {
                epilogue.load(code);
                code.loadConstant(operand);
                row.load(code);
                column.load(code);
                code.invokevirtual(EPILOGUE, "index", INDEX);
            });
        }
    }

    /// Writes the loads of all operands.
    /// @param text   the column within the block, as text
    /// @param column pushes it
    /// @return the variables that hold the values
    Local[] read(String text, Consumer<CodeBuilder> column) {
        for (int i = 0; i < access.length; i++) {
            Local array = arrays[i];
            Local index = indices[i];
            switch (access[i]) {
                case FULL, ROW -> out.assign(values[i], lanes.loadText(array.name(), index.name() + " + " + text),
                        code -> lanes.load(code, address -> {
                            array.load(address);
                            index.load(address);
                            column.accept(address);
                            address.iadd();
                        }));
                case COLUMN, SCALAR -> out.assign(values[i],
                        lanes.broadcastText(array.name() + "[" + index.name() + "]"), code -> {
                            array.load(code);
                            index.load(code);
                            code.faload();
                            lanes.broadcast(code);
                        });
            }
        }
        return values;
    }

    /// Writes the step from one row of C to the next.
    void nextRow() {
        for (int i = 0; i < access.length; i++) {
            if (access[i] == Broadcast.FULL || access[i] == Broadcast.COLUMN) {
                int operand = i;
                Local index = indices[i];
                out.assign(index, index.name() + " + epilogue.rowStride(" + i + ")", code -> {
                    index.load(code);
                    epilogue.load(code);
                    code.loadConstant(operand).invokevirtual(EPILOGUE, "rowStride", ROW_STRIDE).iadd();
                });
            }
        }
    }
}
