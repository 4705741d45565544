using Azure;

namespace Chard.Emulator.Tables.Clients;

/// <summary>The answer to a read of an entity that is not there.</summary>
internal sealed class AbsentEntity<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException($"There is no value: the service answered {response.Status}. Ask {nameof(HasValue)} first.");

    public override Response GetRawResponse() => response;
}
