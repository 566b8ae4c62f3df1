/**
 * Models of the kernel's data structures, on the JDK alone: what a packet is, what a data plane
 * answers, and the path that joins them. One package below for each structure.
 *
 * <p>A model keeps the kernel's layout where the caches see it (the size of an entry, the order of
 * the loads), its hash functions and its order of tests, and allocates nothing on a lookup. What it
 * leaves out is named in its Javadoc. Kernel files are those of Linux 6.18 unless another version
 * is named.
 */
package dev.conntrail.model;
