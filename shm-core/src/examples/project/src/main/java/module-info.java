/** A program that uses ShmRT as a module. Without this file, it runs on the class path. */
module example {
    requires org.shmrt.core;
}
