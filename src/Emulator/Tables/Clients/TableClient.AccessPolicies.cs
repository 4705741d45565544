using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Service;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Reads the table's stored access policies.</summary>
    public virtual Task<Response<IReadOnlyList<TableSignedIdentifier>>> GetAccessPoliciesAsync(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel, PoliciesPath, ServiceDocuments.ReadPolicies, async: true, cancellationToken);

    /// <inheritdoc cref="GetAccessPoliciesAsync"/>
    public virtual Response<IReadOnlyList<TableSignedIdentifier>> GetAccessPolicies(CancellationToken cancellationToken = default)
        => DocumentExchange.GetAsync(channel, PoliciesPath, ServiceDocuments.ReadPolicies, async: false, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Replaces the table's stored access policies: at most five.</summary>
    public virtual Task<Response> SetAccessPolicyAsync(IEnumerable<TableSignedIdentifier> tableAcl, CancellationToken cancellationToken = default)
        => SetAccessPolicy(tableAcl, async: true, cancellationToken);

    /// <inheritdoc cref="SetAccessPolicyAsync"/>
    public virtual Response SetAccessPolicy(IEnumerable<TableSignedIdentifier> tableAcl, CancellationToken cancellationToken = default)
        => SetAccessPolicy(tableAcl, async: false, cancellationToken).GetAwaiter().GetResult();

    private string PoliciesPath => $"/{Name}?comp=acl";

    private async Task<Response> SetAccessPolicy(IEnumerable<TableSignedIdentifier> policies, bool async, CancellationToken cancellationToken)
        => await DocumentExchange.PutAsync(channel, PoliciesPath, ServiceDocuments.Write(policies ?? []), async, cancellationToken).ConfigureAwait(false);
}
