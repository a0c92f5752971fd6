/** How the kernel runs the threads of this process: processors, priorities, locked memory, and what each has caused. */
package org.shmrt.posix.thread;

// May import: posix, text, error.
