"""Files in requests and answers: a list as somebody uploads it, a paper as a browser saves it."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request


async def sheet_bytes(request: Request) -> bytes:
    """Take an uploaded file as it is; how much of it is taken at most, the edge knows."""
    return await request.body()


def attached(name: str) -> dict[str, str]:
    """Return the header by which a browser saves a file as *name*."""
    return {"content-disposition": f'attachment; filename="{name}"'}


ListId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
FileName = Annotated[str, Query(max_length=120, description="Tên tệp, để người nộp nhận ra")]
AllOrNothing = Annotated[bool, Query(description="Chỉ nhập khi mọi dòng đều đúng")]
SheetBytes = Annotated[bytes, Depends(sheet_bytes)]
