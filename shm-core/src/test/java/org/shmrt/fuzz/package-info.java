/**
 * Hostile bytes for everything that reads what others wrote: what each reader is fed with, what it may do with it, and
 * the runs that search for more. Readers are driven from inside their own packages, by the classes named FuzzXxx there.
 */
package org.shmrt.fuzz;
