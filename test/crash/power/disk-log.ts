/** A file or a folder as the disk knows it: names come and go, it stays. */
export interface Inode {
  readonly id: number;
  readonly isFolder: boolean;
}

/** What one call did to a folder's names; null: the name is gone. All of it happens, or nothing. */
export type Names = readonly (readonly [name: string, inode: Inode | null])[];

/** What a process asked of the disk, in order. */
export type DiskEvent =
  | { readonly kind: "names"; readonly folder: Inode; readonly names: Names }
  | { readonly kind: "write"; readonly file: Inode; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly file: Inode; readonly size: number }
  | { readonly kind: "sync"; readonly inode: Inode };
