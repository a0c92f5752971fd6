/** The implementations of the arithmetic: scalar Java, OpenBLAS, and the Vector API if the JVM has its module. */
package org.shmrt.math.kernel;

// May import: error.
