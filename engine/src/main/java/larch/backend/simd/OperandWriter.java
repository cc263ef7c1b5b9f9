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
/// element of C. What is the same for all rows or all columns is read once.
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
    private final Local[][] hoisted;

    /// Declares the local variables.
    /// @param out      where to write
    /// @param lanes    scalars or vectors
    /// @param form     how operands are read
    /// @param epilogue parameter of the kernel
    /// @param row      parameter: first row of the block in C
    /// @param column   parameter: its first column
    /// @param vectors  columns of the block in vectors, all of them read by [#read(int)]; 0 if columns are read in a loop
    OperandWriter(KernelWriter out, Lanes lanes, Epilogue.Form form, Local epilogue, Local row, Local column, int vectors) {
        this.out = out;
        this.lanes = lanes;
        this.epilogue = epilogue;
        this.row = row;
        this.column = column;
        access = form.access().toArray(Broadcast[]::new);
        arrays = out.locals("x", access.length, CD_float.arrayType());
        indices = out.locals("ix", access.length, CD_int);
        values = out.locals("x_", access.length, lanes.type());
        hoisted = new Local[access.length][];
        for (int i = 0; i < access.length; i++) {
            hoisted[i] = out.locals("x_" + i + "_", access[i] == Broadcast.ROW ? vectors : 0, lanes.type());
        }
    }

    /// Writes where operands begin, and reads what all rows share.
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
            for (int j = 0; j < hoisted[i].length; j++) {
                load(hoisted[i][j], i, j * lanes.width());
            }
            if (access[i] == Broadcast.SCALAR) {
                spread(i);
            }
        }
    }

    /// Writes what all columns of a row share.
    /// @param isFirst whether it is the block's first row
    void beginRow(boolean isFirst) {
        for (int i = 0; i < access.length; i++) {
            if (!isFirst && (access[i] == Broadcast.FULL || access[i] == Broadcast.COLUMN)) {
                nextRow(i);
            }
            if (access[i] == Broadcast.COLUMN) {
                spread(i);
            }
        }
    }

    /// Writes the loads of all operands.
    /// @param vector number of the vector within the row
    /// @return the variables that hold the values
    Local[] read(int vector) {
        Local[] read = values.clone();
        for (int i = 0; i < access.length; i++) {
            switch (access[i]) {
                case FULL -> load(values[i], i, vector * lanes.width());
                case ROW -> read[i] = hoisted[i][vector];
                case COLUMN, SCALAR -> { }
            }
        }
        return read;
    }

    /// Writes the loads of all operands.
    /// @param text   the column within the block, as text
    /// @param column pushes it
    /// @return the variables that hold the values
    Local[] read(String text, Consumer<CodeBuilder> column) {
        for (int i = 0; i < access.length; i++) {
            if (access[i] == Broadcast.FULL || access[i] == Broadcast.ROW) {
                load(values[i], i, text, column);
            }
        }
        return values;
    }

    /// Writes the step to the next row of C, for a loop over rows.
    void nextRow() {
        for (int i = 0; i < access.length; i++) {
            if (access[i] == Broadcast.FULL || access[i] == Broadcast.COLUMN) {
                nextRow(i);
            }
        }
    }

    private void load(Local target, int operand, int column) {
        load(target, operand, Integer.toString(column), code -> code.loadConstant(column));
    }

    private void load(Local target, int operand, String text, Consumer<CodeBuilder> column) {
        Local array = arrays[operand];
        Local index = indices[operand];
        out.assign(target, lanes.loadText(array.name(), index.name() + " + " + text), code -> lanes.load(code, address -> {
            array.load(address);
            index.load(address);
            column.accept(address);
            address.iadd();
        }));
    }

    private void spread(int operand) {
        Local array = arrays[operand];
        Local index = indices[operand];
        out.assign(values[operand], lanes.broadcastText(array.name() + "[" + index.name() + "]"), code -> {
            array.load(code);
            index.load(code);
            code.faload();
            lanes.broadcast(code);
        });
    }

    private void nextRow(int operand) {
        Local index = indices[operand];
        out.assign(index, index.name() + " + epilogue.rowStride(" + operand + ")", code -> {
            index.load(code);
            epilogue.load(code);
            code.loadConstant(operand).invokevirtual(EPILOGUE, "rowStride", ROW_STRIDE).iadd();
        });
    }
}
