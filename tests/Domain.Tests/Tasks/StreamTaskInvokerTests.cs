using System.Text;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.TryOut;
using Chard.Tests.InMemory;

namespace Chard.Domain.Tests.Tasks;

public sealed class StreamTaskInvokerTests
{
    [Fact]
    public async Task Run_LongArray_IsReadNoFurtherThanItsItems()
    {
        var numbers = new GeneratedPayloads(2_000_000);

        string most = await RunAsync(new ReadAhead(numbers), new(default, numbers.Reference), numbers);

        Assert.InRange(int.Parse(most, null), 0, 64 * 1024);
        Assert.Equal((numbers.Reference.Bytes, 0), (numbers.BytesRead, numbers.Open));
    }

    [Fact]
    public async Task Run_TaskThatStopsEarly_LetsTheRestBe()
    {
        var numbers = new GeneratedPayloads(2_000_000);

        Assert.Equal("[1000000,1000001]", await RunAsync(new FirstTwo(), new(default, numbers.Reference), numbers));
        Assert.InRange(numbers.BytesRead, 0, 64 * 1024);
        Assert.Equal(0, numbers.Open);
    }

    [Fact]
    public async Task Run_TaskThatReadsTwice_GetsAllTwice()
    {
        var numbers = new GeneratedPayloads(10_000);

        Assert.Equal("20000", await RunAsync(new CountTwice(), new(default, numbers.Reference), numbers));
        Assert.Equal("4", await RunAsync(new CountTwice(), Inline(" [1,2]"), numbers));
        Assert.Equal((2, 0), (numbers.Opened, numbers.Open));
    }

    [Theory]
    [InlineData("[]", "0")]
    [InlineData(" [ 0.1 , 0.2 ] ", "0.3")]
    [InlineData("[\"12.50\"]", "12.50")] // a number may be written as a string, as anywhere in arguments
    public async Task Run_InlineArray_IsRead(string args, string sum) => Assert.Equal(sum, await RunAsync(new Sum(), Inline(args)));

    [Theory]
    [InlineData("null", "Task needs an array of Decimal as its arguments, and there is none.")]
    [InlineData("{}", "Task needs an array of Decimal as its arguments, and there is none.")]
    [InlineData("", "Task needs an array of Decimal as its arguments, and there is none.")]
    [InlineData("[1,null]", "Item 1 of the arguments of Task does not fit Decimal: ")]
    [InlineData("[1,2,[3]]", "Item 2 of the arguments of Task does not fit Decimal: ")]
    [InlineData("[1] x", "The arguments of Task are no array of Decimal: ")]
    public async Task Run_ArgsThatDoNotFit_FailForGoodAndNameThePlace(string args, string message)
    {
        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => RunAsync(new Sum(), Inline(args)));

        Assert.Equal("invalid-args", refused.Code);
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Path:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_999)]
    [InlineData(2_047)]
    [InlineData(99_999)]
    public async Task Run_ItemThatDoesNotFitAnywhere_IsNamedByItsIndex(long index)
    {
        var numbers = new GeneratedPayloads(100_000) { Odd = (index, "{\"a\":1}") };

        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => RunAsync(new Sum(), new(default, numbers.Reference), numbers));

        Assert.StartsWith($"Item {index} of the arguments of Task does not fit Decimal: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("}")]
    public async Task Run_PayloadThatWasAltered_IsToldAsThat(string? odd)
    {
        // What does not fit is then not the caller's mistake.
        var numbers = new GeneratedPayloads(10_000)
        {
            Odd = odd is null ? null : (5_000, odd), AtEnd = new PermanentTaskException("payload-altered", "It was.")
        };

        var refused = await Assert.ThrowsAsync<PermanentTaskException>(() => RunAsync(new Sum(), new(default, numbers.Reference), numbers));

        Assert.Equal("payload-altered", refused.Code);
    }

    [Fact]
    public async Task Probe_OfAStreamTask_GetsTheItems()
    {
        TaskDescriptor task = TaskCatalogue.Create(
            [typeof(Probed)], ["Probed"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>())["Probed"];

        byte[]? landed = await task.Invoker.ProbeAsync(new Probed(), Inline("[1,2,3]"), TestContexts.Of("key"), CancellationToken.None);

        Assert.Equal("3", Encoding.UTF8.GetString(landed!));
    }

    private static TaskArguments Inline(string json) => new(Encoding.UTF8.GetBytes(json));

    internal static async Task<string> RunAsync(object task, TaskArguments args, GeneratedPayloads? payloads = null)
    {
        string name = task.GetType().Name;
        TaskDescriptor descriptor =
            TaskCatalogue.Create([task.GetType()], [name], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>())[name];
        return Encoding.UTF8.GetString(
            await descriptor.Invoker.RunAsync(task, args, TestContexts.Of("key", payloads), CancellationToken.None));
    }

    private sealed class FirstTwo : IStreamTask<decimal, decimal[]>
    {
        public async Task<decimal[]> RunAsync(IAsyncEnumerable<decimal> items, TaskContext context, CancellationToken cancellationToken) =>
            await items.Take(2).ToArrayAsync(cancellationToken);
    }

    private sealed class CountTwice : IStreamTask<decimal, int>
    {
        public async Task<int> RunAsync(IAsyncEnumerable<decimal> items, TaskContext context, CancellationToken cancellationToken) =>
            await items.CountAsync(cancellationToken) + await items.CountAsync(cancellationToken);
    }

    private sealed class Probed : IStreamTask<int, int>, IProbe<IAsyncEnumerable<int>, int>
    {
        public Task<int> RunAsync(IAsyncEnumerable<int> items, TaskContext context, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async Task<ProbeAnswer<int>> DidItLandAsync(
            IAsyncEnumerable<int> args, TaskContext context, CancellationToken cancellationToken) =>
            new(true, await args.CountAsync(cancellationToken));
    }
}
