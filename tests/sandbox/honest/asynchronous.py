import asyncio
async def slow(number):
    await asyncio.sleep(0.001 * number)
    return number * 2
async def main():
    print(await asyncio.gather(*(slow(number) for number in range(5))))
    queue = asyncio.Queue()
    async def fill():
        for number in range(3): await queue.put(number)
    task = asyncio.create_task(fill())
    print([await queue.get() for _ in range(3)]); await task
    process = await asyncio.create_subprocess_exec("echo", "child", stdout=asyncio.subprocess.PIPE)
    print(await process.communicate())
    try: await asyncio.wait_for(asyncio.sleep(60), 0.01)
    except TimeoutError as error: print(type(error).__name__)
    async with asyncio.TaskGroup() as group: group.create_task(slow(1))
    print(await asyncio.to_thread(sum, [1, 2]))
asyncio.run(main())
def double(x):
    async def twice(): return x * 2
    return asyncio.run(twice())
