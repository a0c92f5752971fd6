package org.shmrt.array;

/** Order of the elements of an array in memory: which index varies fastest. */
public enum ElementOrder {
    /** The last index varies fastest: the order of numpy (by default), C and Java, and the only one SharedArray stores. */
    ROW_MAJOR,
    /** The first index varies fastest: the order of Fortran, MATLAB and LAPACK. */
    COLUMN_MAJOR
}
