/** What the JVM does to a program: which classes it has loaded, what it compiles, what a thread allocates. */
package org.shmrt.jvm;
