"""What the operating system, or the file of readings, says of a failure, in Chinese."""

from __future__ import annotations

import errno
import sqlite3

_SYSTEM = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "文件过大，超出了系统或磁盘格式的限制",
    errno.EACCES: "没有权限，或正被其他程序使用",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EBUSY: "正被其他程序使用",
    errno.ENOENT: "找不到",
    errno.EEXIST: "已经有同名的",
    errno.ENOTEMPTY: "文件夹里还有内容",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "是文件，不是文件夹",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EINVAL: "文件名里有不能用的字符，或磁盘不支持这样读写",
    errno.ELOOP: "是指向自己的链接",
    errno.EIO: "磁盘读写出错，可能已损坏或被拔出",
    errno.ENODEV: "磁盘或设备不在了",
    errno.ENXIO: "磁盘或设备不在了",
    errno.ESTALE: "网络磁盘已断开",
    errno.ETIMEDOUT: "网络没有回应",
    errno.ENETUNREACH: "网络连不上",
    errno.EHOSTUNREACH: "网络连不上",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ECONNRESET: "连接断开了",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENFILE: "同时打开的文件太多",
    errno.ENOMEM: "内存不足",
}
_DATABASE = {
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_CANTOPEN": "打不开，文件夹可能不在了或没有权限",
    "SQLITE_READONLY": "磁盘或文件是只读的",
    "SQLITE_PERM": "没有权限",
    "SQLITE_AUTH": "没有权限",
    "SQLITE_BUSY": "正被另一个程序使用",
    "SQLITE_LOCKED": "正被另一个程序使用",
    "SQLITE_IOERR": "磁盘读写出错",
    "SQLITE_CORRUPT": "其中的内容已损坏",
    "SQLITE_NOTADB": "其中的内容已损坏",
    "SQLITE_NOMEM": "内存不足",
    "SQLITE_TOOBIG": "一个文件的读取结果过大",
}


def system_words(error: Exception) -> str:
    """Why it failed, to be put in brackets; of what has no words here its number, which people can look up.

    An error that only wraps one of the system (xlsxwriter's) fails for the same reason.
    """
    match error:
        case OSError(strerror=str() as words) if not words.isascii():
            return words  # our own, or those of a system that speaks Chinese
        case OSError(errno=int() as number):
            return _SYSTEM.get(number, f"系统错误 {number}")
        case sqlite3.Error():
            # SQLITE_IOERR_WRITE is an SQLITE_IOERR.
            name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
            return _DATABASE.get(name, f"错误 {getattr(error, 'sqlite_errorcode', '')}".rstrip())
    wrapped = next((cause for cause in error.args if isinstance(cause, OSError)), None)
    return "系统错误" if wrapped is None else system_words(wrapped)
