package org.shmrt.stream.format.dao;

import java.util.List;
import org.shmrt.memory.DataType;

/** DAO's type codes, 1 to 12. Source: dao.h of daoBase. */
public final class DaoTypes {
    /** In the order of their codes, which start at 1. */
    private static final List<DataType> TYPES = List.of(
            DataType.UINT8,
            DataType.INT8,
            DataType.UINT16,
            DataType.INT16,
            DataType.UINT32,
            DataType.INT32,
            DataType.UINT64,
            DataType.INT64,
            DataType.FLOAT32,
            DataType.FLOAT64,
            DataType.COMPLEX64,
            DataType.COMPLEX128);

    private DaoTypes() {}

    /** The code of a type; 0 if DAO has none. */
    public static int code(DataType type) {
        return TYPES.indexOf(type) + 1;
    }

    /** The type of a code; null if there is none. */
    public static DataType ofCode(int code) {
        return code < 1 || code > TYPES.size() ? null : TYPES.get(code - 1);
    }
}
