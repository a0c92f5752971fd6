package org.shmrt.block;

/** Kinds of items of a {@link ShareableList}, with their types in Python and Java. */
public enum ItemKind {
    /** Python's {@code int} within 64 bits; a {@link Long}. */
    INT("int"),
    /** Python's {@code float}; a {@link Double}. */
    FLOAT("float"),
    /** Python's {@code bool}; a {@link Boolean}. */
    BOOL("bool"),
    /** Python's {@code str}; a {@link String}. */
    STR("str"),
    /** Python's {@code bytes}; a {@code byte[]}. */
    BYTES("bytes"),
    /** Python's {@code None}; null. */
    NONE("none");

    private final String pythonName;

    ItemKind(String pythonName) {
        this.pythonName = pythonName;
    }

    /**
     * Name of the type in Python, in lower case.
     *
     * @return for example {@code int}
     */
    public String pythonName() {
        return pythonName;
    }
}
