/**
 * Functions, structures and constants of the C library and of libaravis, as jextract generates them from
 * {@code src/main/c/posix.h} and {@code aravis.h}.
 *
 * <p>For {@code org.shmrt.core} only. Initialising a header class calls restricted methods, so both modules must be
 * named in {@code --enable-native-access}.
 */
@SuppressWarnings("module") // the module exported to is compiled after this one
module org.shmrt.bindings {
    exports org.shmrt.bindings.aravis to
            org.shmrt.core;
    exports org.shmrt.bindings.posix to
            org.shmrt.core;
}
