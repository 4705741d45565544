using Chard.Functions.TryOut;
using Chard.Tests.InMemory;

namespace Chard.Domain.Tests.Tasks;

/// <summary>What a stream task holds. Alone: the memory of other tests would be counted too.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StreamTaskMemoryTests
{
    private const string Name = "Memory";

    [Fact]
    public async Task Run_SumOfMoreThanFitsIntoWhatMayBeHeld_HoldsAlmostNothing()
    {
        const long count = 8_000_000; // 64 MB of JSON, 128 MB of decimals
        var numbers = new GeneratedPayloads(count);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long held = 0;
        long looked = 0;
        numbers.OnRead = () =>
        {
            if (numbers.BytesRead >= looked)
            {
                looked = numbers.BytesRead + 8_000_000;
                held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        };

        string sum = await StreamTaskInvokerTests.RunAsync(new Sum(), new(default, numbers.Reference), numbers);

        Assert.Equal(count * (1_000_000m + ((count - 1) / 2m)), decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(held < 30_000_000, $"{held} bytes were held.");
    }
}
