using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Chard.Running;

/// <summary>When a worker has grown old, settings <c>Chard:Recycle</c>: without them never.</summary>
/// <param name="Tasks">After so many activities and slow tasks; null for any number. A pack is one activity.</param>
/// <param name="MemoryMB">Once the process holds so much memory, in MB; null for any.</param>
public sealed record RecycleSettings(int? Tasks, int? MemoryMB)
{
    /// <summary>The section.</summary>
    public const string Section = "Chard:Recycle";

    /// <summary>Nothing is set.</summary>
    public static RecycleSettings Never { get; } = new(null, null);

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">They cannot be; names the key.</exception>
    public static RecycleSettings In(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        return new(Number(section, nameof(Tasks), 1, 100_000_000), Number(section, nameof(MemoryMB), 128, 1_000_000));
    }

    private static int? Number(IConfigurationSection section, string name, int min, int max) => section[name] switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max => number,
        var text => throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"{Section}:{name} is '{text}'; it must be a whole number, {min} to {max}.")),
    };
}
