package dev.conntrail.model.nftables;

/**
 * How the kernel stores a set ({@code nft_select_set_ops} and each back end's {@code estimate},
 * {@code net/netfilter/nf_tables_api.c}, {@code nft_set_hash.c}, {@code nft_set_bitmap.c}): the
 * first candidate with the lowest class of lookup, and among those the smallest.
 */
public enum SetBackend {
  /** {@code nft_set_hash_fast_type}: fixed size, keys of four bytes. */
  HASH_FAST,
  /** {@code nft_set_hash_type}: fixed size. */
  HASH,
  /** {@code nft_set_rhash_type}: resizable. */
  RHASH,
  /** {@code nft_set_bitmap_type}: keys of one or two bytes. */
  BITMAP,
  /** {@code nft_set_rbtree_type}: intervals of one field. */
  RBTREE,
  /** {@code nft_set_pipapo_type}: intervals of concatenated fields. */
  PIPAPO;

  private static final int WORD = 4;
  private static final int BITMAP_KEY = 2;

  /**
   * The back end of a set.
   *
   * @param keyBytes length of a key
   * @param size how many elements were declared; 0 if that was left open, as in kube-proxy's named
   *     sets. An anonymous set declares what it holds.
   * @param intervals {@code flags interval}
   * @param concatenated whether a key is of several fields
   * @param dynamicOrTimeout whether packets add elements, or elements expire
   */
  public static SetBackend choose(
      int keyBytes, int size, boolean intervals, boolean concatenated, boolean dynamicOrTimeout) {
    if (intervals) {
      return concatenated ? PIPAPO : RBTREE;
    }
    if (size == 0 || dynamicOrTimeout) {
      return keyBytes <= BITMAP_KEY && !dynamicOrTimeout ? BITMAP : RHASH;
    }
    if (keyBytes == WORD) {
      return HASH_FAST;
    }
    return keyBytes <= BITMAP_KEY ? BITMAP : HASH;
  }
}
