using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SalesFlow.Engine.Definitions;
using SalesFlow.Runtime;
using SalesFlow.Sales.Approvals;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.People;

namespace SalesFlow.Sales.Pipelines;

/// <summary>Looks every definition over before it is published, knowing the people, the templates and the approval matrices of the installation.</summary>
public sealed class PublishCheckQueries(UserQueries users) : DefinitionCheck
{
    /// <inheritdoc />
    public override async Task<ImmutableArray<Problem>> FindAsync(WorkflowDb db, WorkflowDefinition definition, CancellationToken cancel)
    {
        var people = await users.ListAsync(cancel);
        var known = new KnownNames([.. Roles.All], [.. people.Select(user => user.Name)], [.. (await TemplateQueries.NamesAsync((SalesFlowDb)db, cancel)).Where(name => !TemplateName.Read(name, "").IsPart)])
        {
            Teams = [.. people.Select(user => user.Team).OfType<string>()],
            // The one that shipped processes decide by may be without rows: then the fallback decides.
            Matrices = [ApprovalMatrixQueries.Terms, .. await ((SalesFlowDb)db).ApprovalMatrices.Select(matrix => matrix.Key).Distinct().ToListAsync(cancel)],
        };
        return [.. SalesChecks.Find(definition, known).Select(finding => finding.ToProblem(CultureInfo.CurrentUICulture.Name))];
    }
}
