package org.shmrt.block;

/** What the bytes of a block are, as far as they show it. */
public enum BlockContent {
    /** Bytes of unknown meaning. */
    RAW,
    /** A {@link ShareableList} as Python 3.9 and later and ShmRT create it, with an index of offsets. */
    LIST,
    /** A {@link ShareableList} of Python 3.8, with an index of lengths, which later releases cannot read. */
    PYTHON_38_LIST
}
