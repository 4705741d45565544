using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tasks;

/// <summary>Makes the worker's serializer, which writes and reads all that goes through the durable engine, keep numbers as they are.</summary>
internal sealed class ExactNumbersInActivities : IConfigureOptions<JsonSerializerOptions>
{
    /// <inheritdoc/>
    public void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Converters.Add(new ExactNumbers());
    }
}
