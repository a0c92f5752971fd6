package org.shmrt.block;

/** What an item of a {@link ShareableList} can be, with the type it has in Python and in Java. */
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
     * Its name in Python.
     *
     * @return for example {@code int}
     */
    public String pythonName() {
        return pythonName;
    }
}
