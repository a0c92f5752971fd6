/**
 * What jextract made of the headers in {@code src/main/c}: functions, structures and constants by their C names.
 *
 * <p>Meant for {@code org.shmrt.core} alone. Initialising any of the header classes calls restricted methods, so both
 * modules have to be named in {@code --enable-native-access}.
 */
@SuppressWarnings("module") // the module exported to is compiled after this one
module org.shmrt.bindings {
    exports org.shmrt.bindings.posix to
            org.shmrt.core;
    exports org.shmrt.bindings.dao to
            org.shmrt.core;
    exports org.shmrt.bindings.milk to
            org.shmrt.core;
    exports org.shmrt.bindings.sharedarray to
            org.shmrt.core;
}
