/** The kernel's hash functions. */
package dev.conntrail.model.hash;
