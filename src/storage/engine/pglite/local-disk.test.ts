import { describe, expect, it } from "vitest";
import { notLocalByMounts, notLocalOnLinux } from "./local-disk.ts";

const MOUNTS = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//me@nas/share on /Volumes/share (smbfs, nodev, nosuid, mounted by me)
nas:/export on /Volumes/share local (nfs, nodev, nosuid)
/dev/disk4s1 on /Volumes/My on Disk (hfs, local, nodev)
`;

describe("a file system", () => {
  it("is local on macOS and BSD where mount says so", () => {
    const local = ["/Users/me/.cairn", "/Volumes/My on Disk/data", "/Volumes/shared", "/System/Volumes/Data/Users/me"];
    for (const path of local) expect(notLocalByMounts(MOUNTS, path), path).toBeNull();
    expect(notLocalByMounts(MOUNTS, "/Volumes/share/data")).toBe("a file system (smbfs) that is not local");
    expect(notLocalByMounts(MOUNTS, "/Volumes/share local")).toBe("a file system (nfs) that is not local");
    expect(notLocalByMounts("", "/Users/me")).toBe("a file system (unknown) that is not local");
  });

  it("is local on Linux where it is known to be", () => {
    for (const type of [0xef53, 0x58465342, 0x9123683e, 0x794c7630, 0x01021994])
      expect(notLocalOnLinux(type)).toBeNull();
    for (const type of [0x6969, 0xff534d42, 0x01021997, 0x65735546]) {
      expect(notLocalOnLinux(type)).toContain(`type 0x${type.toString(16)}`);
    }
  });
});
