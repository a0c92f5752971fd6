package org.shmrt.array;

/** Which axis of an array runs fastest in memory. */
public enum ElementOrder {
    /** The last axis: how numpy, C and Java store a matrix, row by row. What SharedArray stores. */
    ROW_MAJOR,
    /** The first axis: how Fortran, MATLAB and LAPACK store a matrix, column by column. */
    COLUMN_MAJOR
}
